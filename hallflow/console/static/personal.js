/** The customer's answers are for this clerk alone and never come by the socket: they are asked for when the form changes. */

/** What tells one state of a customer's form from another, as far as every screen may know it. */
function markOf({serving}) {
  if (!serving?.form) return null;
  const {title, accepted, revision, of} = serving.form;
  return JSON.stringify([serving.number, title, accepted, revision, of]);
}

/** Keep the answers between pictures: `keep` a full picture's, `fill` a socket's picture with what is known. */
export function personal() {
  let mark = null;
  let number = null;
  let known = {};

  return {
    keep(picture) {
      const form = picture.serving?.form;
      mark = markOf(picture);
      number = picture.serving?.number ?? null;
      known = form ? {fields: form.fields, filled: form.filled} : {};
    },
    /** The picture with the answers known so far, and whether they must be asked for again. */
    fill(picture) {
      const wanted = markOf(picture);
      if (!wanted) return {picture, stale: false};
      const form = picture.serving.number === number ? {...picture.serving.form, ...known} : picture.serving.form;
      return {picture: {...picture, serving: {...picture.serving, form}}, stale: wanted !== mark};
    },
  };
}
