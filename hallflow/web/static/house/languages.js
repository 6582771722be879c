// <h-languages>: the switch of languages. Of two it offers the other by its name, of more a list to choose from.
// With `reload` the page is loaded anew in the language; without, its texts change in place at the event `language`.
import {icon} from "house/icons.js";
import {lang, language, languages, setLang, t} from "house/texts.js";

customElements.define(
  "h-languages",
  class extends HTMLElement {
    connectedCallback() {
      document.addEventListener("language", this.#draw);
      document.addEventListener("pointerdown", this.#shut);
      this.#draw();
    }

    disconnectedCallback() {
      document.removeEventListener("language", this.#draw);
      document.removeEventListener("pointerdown", this.#shut);
    }

    #draw = () => {
      const others = languages.filter(({code}) => code !== lang());
      this.hidden = !others.length;
      this.replaceChildren(...(others.length > 1 ? [this.#choice()] : others.map((other) => this.#button(other))));
    };

    #shut = ({target}) => {
      if (!this.contains(target)) this.querySelector("details")?.removeAttribute("open");
    };

    #choice() {
      const choice = document.createElement("details");
      const now = document.createElement("summary");
      const list = document.createElement("div");
      this.#dress(now, language());
      now.setAttribute("aria-label", `${t("common.languages")}: ${language().name}`);
      list.append(...languages.map((each) => this.#button(each)));
      choice.append(now, list);
      choice.addEventListener("keydown", ({key}) => key === "Escape" && choice.removeAttribute("open"));
      return choice;
    }

    #button(each) {
      const button = document.createElement("button");
      button.type = "button";
      this.#dress(button, each);
      if (each.code === lang()) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => this.#speak(each.code));
      return button;
    }

    #dress(element, {name, tag}) {
      const word = document.createElement("span");
      word.textContent = name;
      word.lang = tag;
      element.className = this.dataset.look ?? "button plain";
      element.append(...(this.hasAttribute("icon") ? [icon("languages")] : []), word);
    }

    #speak(code) {
      if (!this.hasAttribute("reload")) return setLang(code);
      const address = new URL(location);
      address.searchParams.set("lang", code);
      location.assign(address);
    }
  },
);
