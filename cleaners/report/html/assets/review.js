// Decisions: asks the server, and puts what it answers in the place of what the page showed.
(() => {
  "use strict";

  const report = window.mtcleanReport;
  const form = document.querySelector("form.decide");
  if (!form || !report) return;
  const told = form.querySelector(".told");
  const state = { sha256: form.dataset.sha256, busy: false };

  const rowOf = (number) => document.getElementById(`f${number}`);
  const say = (text, isError = false) => {
    told.textContent = text;
    told.classList.toggle("error", isError);
  };

  async function ask(path, more) {
    const answer = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: form.dataset.id, sha256: state.sha256, ...more }),
    }).catch(() => {
      throw new Error("The server is gone: start mtclean review again.");
    });
    let given;
    try {
      given = await answer.json();
    } catch {
      given = { error: (await answer.text().catch(() => "")) || "the server did not answer" };
    }
    if (!answer.ok) throw new Error(given.error || `the server answered ${answer.status}`);
    return given;
  }

  // One request at a time: each carries the hash of the text that the one before it left.
  async function attempt(work) {
    if (state.busy) return;
    state.busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      say(error.message, true);
    } finally {
      state.busy = false;
      form.removeAttribute("aria-busy");
    }
  }

  // The server escapes every character of a document; this page's policy lets no script in it run besides.
  function element(markup, inTable) {
    const template = document.createElement("template");
    template.innerHTML = inTable ? `<table><tbody>${markup}</tbody></table>` : markup;
    return template.content.querySelector(inTable ? "tr" : "div");
  }

  function show(changed) {
    state.sha256 = changed.sha256;
    const section = document.querySelector(`[data-text="${changed.text}"]`);
    const lines = section.querySelectorAll(":scope > .line");
    for (const [index, markup] of Object.entries(changed.lines)) lines[index].replaceWith(element(markup, false));
    for (const [number, markup] of Object.entries(changed.rows)) rowOf(number).replaceWith(element(markup, true));
    const summary = document.querySelector("header .summary");
    if (summary) summary.textContent = changed.summary;
    report.refresh(Object.keys(changed.rows).map(Number));
  }

  const names = {
    accepted: "Accepted", rejected: "Rejected", edited: "Your text is in place", undone: "Undone",
    withdrawn: "Back to what the cleaner decided",
  };

  function decide(choice, text) {
    const number = report.current();
    if (number === null) return;
    attempt(async () => {
      show(await ask("decide", { n: number, choice, text: text ?? null }));
      report.select(number);
      say(`${names[choice]}. The clean text is written.`);
    });
  }

  // Which buttons make sense for a finding: of what the cleaner did and of what was decided since.
  function allowed(row) {
    const { own, hand, hasFix } = row.dataset;
    return {
      accepted: hasFix === "1" && own !== "applied" && hand !== "accepted",
      rejected: own !== "applied" && hand !== "rejected",
      undone: own === "applied" && !hand,
      withdrawn: Boolean(hand),
      edit: true,
      aside: true,
      glossary: ["NAM", "TRM"].includes(row.dataset.family),
    };
  }

  function update() {
    const number = report.current();
    const row = number === null ? null : rowOf(number);
    form.hidden = row === null;
    if (row === null) return;
    const can = allowed(row);
    for (const button of form.querySelectorAll("button[data-choice], button[data-open]")) {
      button.hidden = !can[button.dataset.choice || button.dataset.open];
    }
  }

  const places = (preview, verb) => {
    const list = document.createElement("ul");
    for (const place of preview.places) {
      const item = list.appendChild(document.createElement("li"));
      item.append(Object.assign(document.createElement("b"), { textContent: place.where }), " ", place.before);
      item.append(Object.assign(document.createElement("del"), { textContent: place.raw }));
      if (place.fix !== null) item.append(Object.assign(document.createElement("ins"), { textContent: place.fix }));
      item.append(place.after, place.refused ? ` (refused: ${place.refused})` : "");
    }
    const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;
    const head = document.createElement("p");
    head.textContent = `${verb} ${counted(preview.count, "place")} in ${counted(preview.documents, "document")}`;
    if (preview.count > preview.places.length) head.textContent += `, the first ${preview.places.length} of which are`;
    head.textContent += preview.count ? ":" : ".";
    return [head, list];
  };

  const dialogs = {
    edit(dialog) {
      attempt(async () => {
        const finding = await ask("finding", { n: report.current() });
        dialog.querySelector(".raw").textContent = finding.raw;
        dialog.querySelector("textarea").value = finding.text;
        dialog.showModal();
      });
    },
    aside(dialog) {
      const preview = dialog.querySelector(".preview");
      attempt(async () => {
        const found = await ask("ignore/preview", { n: report.current() });
        preview.replaceChildren(...places(found, "It leaves alone"));
        dialog.showModal();
      });
    },
    glossary(dialog) {
      attempt(async () => {
        const finding = await ask("finding", { n: report.current() });
        const fields = dialog.querySelector("form").elements;
        fields.variant.value = finding.raw.trim();
        fields.term.value = (finding.fix ?? finding.raw).trim();
        fields.kind.value = finding.kind;
        fields.keep.checked = finding.fix === null || finding.verdict !== "applied";
        fields.document.value = "";
        if (fields.keep.checked) fields.term.value = finding.raw.trim();
        forget(dialog);
        dialog.showModal();
      });
    },
  };

  function forget(dialog) {
    dialog.querySelector(".preview").replaceChildren();
    dialog.querySelector(".go").disabled = true;
  }

  function entry(dialog) {
    const { term, variant, kind, keep, document: company } = dialog.querySelector("form").elements;
    return { term: term.value, variant: variant.value, kind: kind.value, keep: keep.checked, document: company.value };
  }

  const complain = (dialog, error) => {
    const line = Object.assign(document.createElement("p"), { className: "error", textContent: error.message });
    dialog.querySelector(".preview").replaceChildren(line);
  };

  function prepare() {
    const [edit, aside, glossary] = ["edit", "aside", "glossary"].map((id) => document.getElementById(id));
    edit.querySelector(".go").addEventListener("click", () => {
      edit.close();
      decide("edited", edit.querySelector("textarea").value);
    });
    aside.querySelector(".go").addEventListener("click", () => attempt(async () => {
      const { written } = await ask("ignore", { n: report.current() });
      aside.close();
      say(`Set aside in ${written}, from the next cleaning on.`);
    }));
    glossary.querySelector(".look").addEventListener("click", () => attempt(async () => {
      try {
        const found = await ask("glossary/preview", entry(glossary));
        glossary.querySelector(".preview").replaceChildren(...places(found, "In the clean texts it touches"));
        glossary.querySelector(".go").disabled = false;
      } catch (error) {
        complain(glossary, error);
      }
    }));
    glossary.querySelector(".go").addEventListener("click", () => attempt(async () => {
      try {
        const { written } = await ask("glossary", entry(glossary));
        glossary.close();
        say(`Added to ${written}, for the next cleaning.`);
      } catch (error) {
        complain(glossary, error);
      }
    }));
    // What was shown is no longer what would be added.
    glossary.addEventListener("input", () => forget(glossary));
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.choice) decide(button.dataset.choice);
    if (button.dataset.open) dialogs[button.dataset.open](document.getElementById(button.dataset.open));
  });

  const keys = { a: ["accepted"], r: ["rejected"], u: ["undone", "withdrawn"], e: ["edit"] };
  document.addEventListener("keydown", (event) => {
    const wanted = keys[event.key];
    const isTyping = event.target.closest("input, textarea, select, dialog");
    if (!wanted || isTyping || event.ctrlKey || event.altKey || event.metaKey || form.hidden || !report.keysAreOn()) return;
    const selector = wanted.map((name) => `[data-choice="${name}"]:not([hidden]), [data-open="${name}"]:not([hidden])`);
    const button = form.querySelector(selector.join(","));
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  prepare();
  document.addEventListener("finding", () => {
    say("");
    update();
  });
  update();
})();
