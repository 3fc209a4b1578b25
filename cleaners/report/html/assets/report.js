"use strict";
(() => {
  const THEMES = ["system", "light", "dark"];
  const FACETS = ["family", "code", "level", "verdict"];
  const FILTERS = ["q", ...FACETS];
  const VERDICTS = ["applied", "suggested", "refused", "open"];
  const FIRST_FACT = 6; // the cells before it have a place of their own on the card

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  function made(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }

  // What a cell shows, without the cell. Nodes are cloned, so text of a document is never read as markup.
  const copied = (cell) => [...cell.cloneNode(true).childNodes];

  // Some browsers refuse storage to pages that were opened from disk.
  function remembered(key, otherwise) {
    try {
      return localStorage.getItem(`mtclean-${key}`) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  function remember(key, value) {
    try {
      localStorage.setItem(`mtclean-${key}`, value);
    } catch {
      // It holds until the page is left.
    }
  }

  let theme = remembered("theme", "system");
  let keysOn = remembered("keys", "on") === "on";

  function setTheme(name) {
    theme = THEMES.includes(name) ? name : "system";
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const button of all("button.theme")) button.textContent = `Theme: ${theme}`;
  }

  function nextTheme() {
    setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
    remember("theme", theme);
  }

  // --- filter ---

  function wanted(form) {
    const want = {};
    for (const name of FILTERS) want[name] = form.elements[name].value;
    want.q = want.q.trim().toLowerCase();
    return want;
  }

  function fillForm(form, parameters) {
    for (const name of FILTERS) {
      const value = parameters.get(name) ?? "";
      const field = form.elements[name];
      // A link may ask for a family or a rule that this page has none of: then the filter says so, and nothing passes.
      if (field.options && ![...field.options].some((option) => option.value === value)) {
        field.append(new Option(`${value} (none here)`, value));
      }
      field.value = value;
    }
  }

  function hashOf(want, names = FILTERS) {
    const kept = names.filter((name) => want[name]).map((name) => [name, want[name]]);
    return kept.length ? `#${new URLSearchParams(kept)}` : "";
  }

  function writeHash(want) {
    const hash = hashOf(want);
    if (hash === location.hash) return;
    history.replaceState(null, "", hash || location.pathname + location.search);
  }

  const matches = (want, item) => FACETS.every((name) => !want[name] || want[name] === item[name]);

  // Calls `apply` with what is wanted, whenever that changes; gives a function that does so with the hash.
  function watchFilter(apply) {
    const form = one("form.filters");
    const changed = () => {
      const want = wanted(form);
      writeHash(want);
      apply(want);
    };
    form.addEventListener("input", changed);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => requestAnimationFrame(changed));
    return () => {
      fillForm(form, new URLSearchParams(location.hash.slice(1)));
      apply(wanted(form));
    };
  }

  function giveFilter(link) {
    link.hash = hashOf(wanted(one("form.filters")), FACETS);
  }

  // A link takes the filter along once somebody is about to follow it.
  function carryFilter(selector) {
    for (const type of ["mouseover", "focusin", "touchstart"]) {
      document.addEventListener(type, (event) => {
        const link = event.target.closest?.(selector);
        if (link) giveFilter(link);
      }, { passive: true });
    }
  }

  function tell(output, shown, total) {
    const noun = output.dataset.noun;
    output.textContent = `${shown === total ? "" : `${shown} of `}${total} ${noun}`;
  }

  // --- the page of a document ---

  function documentPage() {
    const text = one("#text");
    const card = one(".detail .card");
    const where = one(".detail .where");
    const hint = copied(card);
    let findings = new Map(); // by number, in the order of the page
    let shown = []; // those that pass the filter
    let want = {};
    let current = null;
    let pinned = false;
    const numbersOf = (piece) => piece.dataset.n.split(" ").map(Number);
    const passingAt = (piece) => numbersOf(piece).map((n) => findings.get(n)).filter((finding) => finding?.passes);
    const headOf = (finding) => document.getElementById(`m${finding.n}`);

    function readFindings() {
      findings = new Map();
      for (const row of all("table.findings tbody tr")) {
        const { family, code, level, verdict } = row.dataset;
        const n = Number(row.dataset.n);
        const facets = { family, code, level, verdict };
        findings.set(n, { n, row, ...facets, words: null, passes: true, pieces: [], lines: new Set() });
      }
      for (const piece of all("[data-n]", text)) enrol(piece);
    }

    function enrol(piece) {
      const line = piece.closest(".line");
      for (const n of numbersOf(piece)) {
        const finding = findings.get(n);
        finding?.pieces.push(piece);
        finding?.lines.add(line);
      }
    }

    function passes(finding) {
      if (!matches(want, finding)) return false;
      if (!want.q) return true;
      finding.words ??= finding.row.textContent.toLowerCase();
      return finding.words.includes(want.q);
    }

    function applyFilter(asked) {
      want = asked;
      shown = [];
      const changed = [];
      const lines = new Set();
      for (const finding of findings.values()) {
        const ok = passes(finding);
        if (ok) {
          shown.push(finding);
          for (const line of finding.lines) lines.add(line);
        }
        if (ok !== finding.passes) changed.push(finding);
        finding.passes = ok;
      }
      const pieces = new Set();
      const touched = new Set();
      for (const finding of changed) {
        finding.row.hidden = !finding.passes;
        for (const piece of finding.pieces) pieces.add(piece);
        for (const line of finding.lines) touched.add(line);
      }
      pieces.forEach(dress);
      for (const line of touched) line.classList.toggle("off", !lines.has(line));
      tell(one("output.count"), shown.length, findings.size);
      if (current && !current.passes) letGo();
      else sayWhere();
    }

    // A piece of several findings looks like the last of them that passes: that is the innermost.
    function dress(piece) {
      const on = passingAt(piece);
      piece.classList.toggle("off", !on.length);
      if (piece.id) piece.tabIndex = on.length ? 0 : -1;
      if (on.length && piece.dataset.n.includes(" ")) {
        const { family, verdict } = on.at(-1);
        const kept = piece.className.replace(/ (fam|v)-\w+/g, "");
        const dressed = `${kept} fam-${family} v-${verdict}`;
        if (dressed !== piece.className) piece.className = dressed;
      }
    }

    function sayWhere() {
      const place = shown.indexOf(current) + 1;
      const count = `${shown.length} ${shown.length === 1 ? "finding" : "findings"}`;
      where.textContent = place ? `Finding ${place} of ${shown.length}` : count;
    }

    function setCurrent(finding) {
      if (finding === current) return;
      current?.pieces.forEach((piece) => piece.classList.remove("current"));
      current?.row.classList.remove("current");
      current = finding;
      pinned = false;
      current?.pieces.forEach((piece) => piece.classList.add("current"));
      current?.row.classList.add("current");
      card.replaceChildren(...(current ? cardOf(current) : hint));
      card.classList.remove("pinned");
      card.scrollTop = 0;
      sayWhere();
      document.dispatchEvent(new CustomEvent("finding", { detail: { n: current?.n ?? null } }));
    }

    const letGo = () => setCurrent(null);

    function pin(on) {
      pinned = on;
      card.classList.toggle("pinned", on);
    }

    function cardOf(finding) {
      const [place, rule, what, raw, fix, verdict] = finding.row.cells;
      const parts = [
        made("h2", "rule", ...copied(rule)),
        made("p", "verdict-line", ...copied(verdict)),
        changeOf(finding, raw, fix),
        made("p", "what", ...copied(what)),
        factsOf(finding, place),
      ];
      const why = document.getElementById(`rule-${finding.code}`)?.querySelector("dd");
      if (why?.textContent.trim()) parts.push(made("h3", "", "How it comes about"), made("p", "why", ...copied(why)));
      const others = othersAt(finding);
      if (others.length) parts.push(made("p", "others", "Also here: ", ...others));
      return parts;
    }

    function changeOf(finding, raw, fix) {
      const change = made("p", `change fam-${finding.family} v-${finding.verdict}`);
      const isOffered = !(fix.childElementCount && fix.textContent === "none");
      change.append(made(isOffered ? "del" : "mark", "", ...copied(raw)));
      if (isOffered) change.append(made("span", "becomes", " → "), made("ins", "", ...copied(fix)));
      return change;
    }

    function factsOf(finding, place) {
      const facts = made("dl", "facts");
      const heads = all("table.findings thead th");
      const told = [[heads[0], place]];
      for (let i = FIRST_FACT; i < finding.row.cells.length; i++) told.push([heads[i], finding.row.cells[i]]);
      for (const [head, cell] of told) {
        if (!cell.textContent.trim()) continue;
        facts.append(made("div", "", made("dt", "", head.textContent), made("dd", "", ...copied(cell))));
      }
      return facts;
    }

    function othersAt(finding) {
      const numbers = new Set(finding.pieces.flatMap(numbersOf));
      numbers.delete(finding.n);
      return [...numbers].map((n) => findings.get(n)).filter((other) => other?.passes).map((other) => {
        const button = made("button", `code fam-${other.family}`, other.code);
        button.type = "button";
        button.dataset.select = other.n;
        return button;
      });
    }

    // Rows out of sight have a guessed height until they are laid out, so the place is looked up once more.
    function show(element) {
      const distance = Math.abs(element.getBoundingClientRect().top - innerHeight / 2);
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || distance > 2 * innerHeight;
      element.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
      if (calm) requestAnimationFrame(() => element.scrollIntoView({ block: "center", behavior: "instant" }));
    }

    function select(n) {
      const finding = findings.get(Number(n));
      if (!finding) return false;
      setCurrent(finding);
      const head = headOf(finding);
      head?.focus({ preventScroll: true });
      if (head) show(head);
      return true;
    }

    function move(step) {
      if (!shown.length) return;
      const place = shown.indexOf(current);
      const next = place < 0 ? (step > 0 ? 0 : shown.length - 1) : place + step;
      if (shown[next]) select(shown[next].n);
    }

    function findingAt(target) {
      const piece = target.closest?.("#text [data-n]");
      if (!piece) return null;
      const here = passingAt(piece);
      return here.includes(current) ? current : here.at(-1) ?? null;
    }

    function watchMarks() {
      // When the text is scrolled below it, the pointer comes to rest on other marks without having been moved.
      let pointer = "";
      text.addEventListener("mousemove", ({ target, screenX, screenY }) => {
        const place = `${screenX} ${screenY}`;
        if (pinned || place === pointer) return;
        pointer = place;
        const finding = findingAt(target);
        if (finding) setCurrent(finding);
      });
      text.addEventListener("focusin", (event) => {
        const finding = findingAt(event.target);
        if (finding) setCurrent(finding);
      });
      document.addEventListener("click", (event) => {
        const finding = findingAt(event.target);
        if (finding) {
          setCurrent(finding);
          pin(!pinned);
        }
        const chosen = event.target.closest("[data-select]")?.dataset.select;
        const link = event.target.closest('a[href^="#m"]');
        if (chosen ?? link) {
          event.preventDefault();
          select(chosen ?? link.hash.slice(2));
        }
      });
      text.addEventListener("keydown", (event) => {
        const isMark = event.target.matches("[data-n]:not(button)");
        if (!isMark || (event.key !== "Enter" && event.key !== " ")) return;
        event.preventDefault();
        event.target.click();
      });
      one(".detail .previous").addEventListener("click", () => move(-1));
      one(".detail .next").addEventListener("click", () => move(1));
    }

    // --- side by side: the line itself shows the raw text, and a copy made when it comes into sight the clean one ---

    const sight = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) addCopy(target);
    }, { rootMargin: "800px" });

    function addCopy(line) {
      sight.unobserve(line);
      if (one(".after", line)) return;
      const copy = one(".t", line).cloneNode(true);
      copy.classList.add("after");
      for (const gone of all("del, .flag", copy)) gone.remove();
      for (const piece of all("[data-n]", copy)) {
        for (const name of ["id", "tabindex", "role", "aria-label"]) piece.removeAttribute(name);
        enrol(piece);
      }
      line.append(copy);
    }

    const isBeside = () => document.body.classList.contains("beside");

    function setView(view) {
      document.body.classList.toggle("beside", view === "beside");
      one(`input[name=view][value=${view}]`).checked = true;
      if (isBeside()) for (const line of all(".line", text)) sight.observe(line);
      else sight.disconnect();
      if (current) headOf(current)?.scrollIntoView({ block: "nearest" });
      remember("view", view);
    }

    function setCalm(on) {
      document.body.classList.toggle("changed-only", on);
      one("input[name=calm]").checked = on;
      if (current) headOf(current)?.scrollIntoView({ block: "nearest" });
      remember("calm", on ? "on" : "off");
    }

    function watchView() {
      setView(remembered("view", "inline") === "beside" ? "beside" : "inline");
      setCalm(remembered("calm", "off") === "on");
      for (const radio of all("input[name=view]")) radio.addEventListener("change", () => setView(radio.value));
      one("input[name=calm]").addEventListener("change", (event) => setCalm(event.target.checked));
      addEventListener("beforeprint", () => {
        if (isBeside()) all(".line", text).forEach(addCopy);
      });
    }

    function goTo(hash) {
      const id = hash.slice(1);
      if (/^m\d+$/.test(id)) {
        select(id.slice(1));
        return;
      }
      const target = document.getElementById(id);
      if (!target) return;
      const closed = target.closest("details:not([open])");
      if (closed) closed.open = true;
      target.tabIndex = -1;
      target.focus();
    }

    readFindings();
    watchMarks();
    watchView();
    for (const piece of all('[data-n*=" "]', text)) dress(piece);
    const filterByHash = watchFilter(applyFilter);
    const follow = () => {
      if (/^#(m|f|L|r\d+-L)\d+$/.test(location.hash)) {
        applyFilter(wanted(one("form.filters")));
        goTo(location.hash);
      } else filterByHash();
    };
    addEventListener("hashchange", follow);
    follow();
    carryFilter("nav a");

    window.mtcleanReport = {
      current: () => current?.n ?? null,
      keysAreOn: () => keysOn,
      select,
      move,
      // Read rows and marks anew after some of them have been replaced; the current finding stays if it is still there.
      refresh() {
        const n = current?.n;
        setCurrent(null);
        readFindings();
        for (const piece of all("[data-n]", text)) dress(piece);
        applyFilter(want);
        if (isBeside()) setView("beside");
        const again = findings.get(n);
        if (again?.passes) setCurrent(again);
      },
    };
    const follows = (rel) => {
      const link = one(`nav a[rel=${rel}]`);
      if (!link) return;
      giveFilter(link);
      link.click();
    };
    return {
      j: () => move(1),
      k: () => move(-1),
      v: () => setView(isBeside() ? "inline" : "beside"),
      c: () => setCalm(!document.body.classList.contains("changed-only")),
      n: () => follows("next"),
      p: () => follows("prev"),
      i: () => follows("up"),
      Escape: letGo,
    };
  }

  // --- the index ---

  function indexPage() {
    const body = one("table.documents tbody");
    const collator = new Intl.Collator("en", { numeric: true });
    const entries = all("tr", body).map((row) => ({
      row,
      name: one("th", row).firstElementChild.textContent,
      label: one("th", row).textContent.toLowerCase(),
      cells: all("td.n", row),
      tallies: row.dataset.tallies.split(" ").filter(Boolean).map((packed) => {
        const [code, level, verdict, count] = packed.split(":");
        return { family: familyOf(code), code, level, verdict, count: Number(count) };
      }),
      counts: VERDICTS.map(() => 0),
      shown: true,
    }));
    let sorting = { key: "name", down: false };

    function familyOf(code) {
      const family = code.slice(0, 3);
      return one(`form.filters select[name=family] option[value="${CSS.escape(family)}"]`) ? family : "OTHER";
    }

    function applyFilter(want) {
      const isFree = FACETS.every((name) => !want[name]);
      let shown = 0;
      for (const entry of entries) {
        const counts = VERDICTS.map(() => 0);
        for (const tally of entry.tallies) {
          if (matches(want, tally)) counts[VERDICTS.indexOf(tally.verdict)] += tally.count;
        }
        const passes = (isFree || counts.some(Boolean)) && entry.label.includes(want.q);
        counts.forEach((count, i) => {
          if (entry.cells[i].textContent !== String(count)) entry.cells[i].textContent = count;
        });
        entry.counts = counts;
        if (passes !== entry.shown) entry.row.hidden = !passes;
        entry.shown = passes;
        shown += passes;
      }
      tell(one("output.count"), shown, entries.length);
      if (sorting.key !== "name") sort();
    }

    function sort() {
      const place = VERDICTS.indexOf(sorting.key);
      const sign = sorting.down ? -1 : 1;
      const byName = (a, b) => collator.compare(a.name, b.name);
      const order = place < 0
        ? (a, b) => sign * byName(a, b)
        : (a, b) => sign * (a.counts[place] - b.counts[place]) || byName(a, b);
      body.append(...entries.toSorted(order).map((entry) => entry.row));
    }

    for (const button of all("button[data-sort]")) {
      button.addEventListener("click", () => {
        const key = button.dataset.sort;
        // Figures are looked at from the largest down, names from A on.
        sorting = { key, down: sorting.key === key ? !sorting.down : key !== "name" };
        for (const head of all("th[aria-sort]")) head.removeAttribute("aria-sort");
        button.closest("th").setAttribute("aria-sort", sorting.down ? "descending" : "ascending");
        sort();
      });
    }
    const filterByHash = watchFilter(applyFilter);
    addEventListener("hashchange", filterByHash);
    filterByHash();
    carryFilter("table.documents a");

    function move(step) {
      const links = all("tr:not([hidden]) a", body);
      const place = links.indexOf(document.activeElement);
      links[place < 0 ? (step > 0 ? 0 : links.length - 1) : place + step]?.focus();
    }
    return { j: () => move(1), k: () => move(-1) };
  }

  // --- keys, help, print ---

  function watchKeys(actions) {
    const help = one("#help");
    const isTyping = (target) => target.matches("textarea, select, [contenteditable]") ||
      (target.matches("input") && !["radio", "checkbox", "button", "submit"].includes(target.type));
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || one("dialog[open]")) return;
      if (isTyping(event.target)) {
        if (event.key !== "Escape") return;
        event.preventDefault(); // or the browser would empty the field
        event.target.blur();
      } else if (actions[event.key] && (keysOn || event.key === "Escape")) {
        event.preventDefault();
        actions[event.key]();
      }
    });
    const box = one("input[name=keys]", help);
    box.checked = keysOn;
    box.addEventListener("change", () => {
      keysOn = box.checked;
      remember("keys", keysOn ? "on" : "off");
    });
    for (const button of all(".keys-button")) button.addEventListener("click", () => help.showModal());
    for (const button of all("button.theme")) button.addEventListener("click", nextTheme);
  }

  function focusSearch() {
    const field = one("form.filters input[type=search]");
    field.focus();
    field.select();
  }

  function watchPrint() {
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = all("details:not([open])");
      for (const details of closed) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of closed) details.open = false;
    });
  }

  function start() {
    setTheme(theme);
    const actions = document.body.classList.contains("index") ? indexPage() : documentPage();
    watchKeys({ ...actions, t: nextTheme, "/": focusSearch, "?": () => one("#help").showModal() });
    watchPrint();
  }

  document.documentElement.classList.add("scripted");
  setTheme(theme);
  // Sooner than deferred scripts, which may ask this one for its findings.
  document.addEventListener("readystatechange", start, { once: true });
})();
