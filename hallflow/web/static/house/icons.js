// <h-icon name="clock">: a custom element for a line icon in the colour of the text beside it.

const drawn = new Map();

customElements.define(
  "h-icon",
  class extends HTMLElement {
    static observedAttributes = ["name"];

    connectedCallback() {
      this.setAttribute("aria-hidden", "true");
      this.#draw();
    }

    attributeChangedCallback() {
      if (this.isConnected) this.#draw();
    }

    async #draw() {
      const name = this.getAttribute("name");
      if (!name || this.dataset.drawn === name) return;
      const svg = await picture(name);
      // the name may have changed while the file was loading
      if (svg && this.getAttribute("name") === name) {
        this.dataset.drawn = name;
        this.replaceChildren(document.importNode(svg, true));
      }
    }
  },
);

/** @param {string} name a lucide icon, "smartphone" @returns {HTMLElement} */
export function icon(name) {
  const element = document.createElement("h-icon");
  element.setAttribute("name", name);
  return element;
}

/** An icon that cannot be loaded stays empty: the word beside it says the same. */
function picture(name) {
  if (!drawn.has(name)) {
    const coming = fetch(`/vendor/icons/${encodeURIComponent(name)}.svg`)
      .then((answer) => (answer.ok ? answer.text() : ""))
      .then((source) => new DOMParser().parseFromString(source, "image/svg+xml").querySelector("svg"))
      .catch(() => {
        drawn.delete(name);
        return null;
      });
    drawn.set(name, coming);
  }
  return drawn.get(name);
}
