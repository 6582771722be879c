/** An on-screen keypad for the PIN's field, for touch screens without a keyboard. */

export function keypad(place, input, touched) {
  const write = (value) => {
    input.value = value.slice(0, input.maxLength);
    input.focus();
    touched();
  };
  for (const button of place.querySelectorAll("[data-digit]")) {
    button.onclick = () => write(input.value + button.dataset.digit);
  }
  place.querySelector("[data-clear]").onclick = () => write("");
  place.querySelector("[data-back]").onclick = () => write(input.value.slice(0, -1));
}
