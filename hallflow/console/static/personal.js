/** The customer's answers are for this clerk alone and never come by the socket: they are asked for when the form changes. */

/** What tells one state of a customer's form from another, without the answers. */
function markOf({serving}) {
  if (!serving?.form) return null;
  const {title, accepted, filled, of, fields} = serving.form;
  return JSON.stringify([serving.number, title, accepted, filled, of, fields.map(({key, missing}) => [key, missing])]);
}

/** Keep the answers between pictures: `keep` a full picture's, `fill` a socket's picture with what is known. */
export function personal() {
  let mark = null;
  let number = null;
  let values = new Map();

  return {
    keep(picture) {
      mark = markOf(picture);
      number = picture.serving?.number ?? null;
      values = new Map((picture.serving?.form?.fields ?? []).map(({key, value}) => [key, value]));
    },
    /** The picture with the answers known so far, and whether they must be asked for again. */
    fill(picture) {
      const wanted = markOf(picture);
      if (!wanted) return {picture, stale: false};
      const known = picture.serving.number === number ? values : new Map();
      const fields = picture.serving.form.fields.map((field) => ({...field, value: known.get(field.key)}));
      const serving = {...picture.serving, form: {...picture.serving.form, fields}};
      return {picture: {...picture, serving}, stale: wanted !== mark};
    },
  };
}
