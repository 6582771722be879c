/** Cache of the customer's form answers: the shared socket never carries them, so they are refetched when the form changes. */

/** A fingerprint of the form's state, made from what every screen may see. */
function markOf({serving}) {
  if (!serving?.form) return null;
  const {title, accepted, revision, of} = serving.form;
  return JSON.stringify([serving.number, title, accepted, revision, of]);
}

/** Make the cache: `keep` stores the answers of a full snapshot, `fill` merges them into one from the socket. */
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
    /** Return the snapshot with the cached answers, and whether they are stale and must be fetched. */
    fill(picture) {
      const wanted = markOf(picture);
      if (!wanted) return {picture, stale: false};
      const form = picture.serving.number === number ? {...picture.serving.form, ...known} : picture.serving.form;
      return {picture: {...picture, serving: {...picture.serving, form}}, stale: wanted !== mark};
    },
  };
}
