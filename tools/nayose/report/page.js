// SPDX-License-Identifier: Apache-2.0
// Builds the page from the data. Every value goes in as text, never as markup.
"use strict";

const Data = JSON.parse(document.getElementById("data").textContent);

const Texts = (() => {
  const all = JSON.parse(document.getElementById("texts").textContent);
  let language = 0;  // 0 Japanese, 1 English: the order in texts.json
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name] : whole);
  const entry = (table, key) => Object.hasOwn(table, key) ? table[key] : null;
  const from = (table, key) => entry(table, key)?.[language] ?? key;
  const levelTable = comparison => all.level[comparison.endsWith("_name") ? "name" : comparison] ?? {};
  // Levels of a schema's kinds are the same for every comparison.
  const levelEntry = (comparison, level) => entry(levelTable(comparison), level) ?? entry(all.any_level, level);
  return {
    of: (key, values = {}) => fill(from(all.text, key), values),
    has: key => entry(all.text, key) !== null,
    comparison: name => from(all.comparison, name),
    field: name => from(all.field, name),
    finding: name => from(all.finding, name),
    className: name => from(all.class, name),
    level: (comparison, level) => levelEntry(comparison, level)?.[1 + language] ?? level,
    kind: (comparison, level) => levelEntry(comparison, level)?.[0] ?? "missing",
    nameSeries: table => !table.script ? Texts.comparison(table.part) : (language === 0 ? [Texts.comparison(table.part), Texts.of("script_" + table.script)]
      : [Texts.comparison(table.part) + ",", Texts.of("script_" + table.script)]).join(language === 0 ? "・" : " "),
    get language() { return ["ja", "en"][language]; },
    set language(name) { language = name === "ja" ? 0 : 1; },
  };
})();

const Format = {
  count: n => n.toLocaleString("en-US"),
  percent: (x, digits = 1) => (100 * x).toFixed(digits) + " %",
  // Small shares keep two figures that say something.
  smallPercent: x => x === 0 ? "0 %" : x < 0.000001 ? "< 0.0001 %" : (100 * x).toPrecision(2).replace(/e.*/, "") + " %",
  bits: x => String(Math.round(x * 100) / 100).replace("-", "−"),
  signed: x => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(2),
  probability: p => p > 0.9999995 ? "> 0.999999" : p < 0.000001 ? "< 0.000001" : p.toFixed(p > 0.99 || p < 0.01 ? 6 : 3),
  key: key => key.source + ":" + key.id,
};

// element("p", {class: "note"}, "text", anotherElement, ...)
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}
const note = text => element("p", { class: "note" }, text);
const chip = (text, kind) => element("span", { class: "chip " + (kind ?? "") }, text);

// Charts need a width: they are drawn once the page holds them.
const toDraw = [];
function chart(makeSpec, label, attributes = {}) {
  const place = element("div", { class: "chart", "data-label": label, ...attributes });
  toDraw.push([place, makeSpec]);
  return place;
}
function drawWaiting() {
  for (const [place, makeSpec] of toDraw.splice(0)) Charts.draw(place, makeSpec);
}
function card(title, ...children) {
  return element("section", { class: "card" }, title ? element("h3", {}, title) : null, ...children);
}
function table(heads, rows, numbers = []) {
  const cell = (tag, text, i) => element(tag, { class: numbers.includes(i) ? "number" : undefined }, text);
  return element("div", { class: "scroll" }, element("table", {},
    element("thead", {}, element("tr", {}, ...heads.map((head, i) => cell("th", head, i)))),
    element("tbody", {}, ...rows.map(row => element("tr", {}, ...row.map((text, i) => cell("td", text, i)))))));
}
function choices(label, options, chosen, choose) {
  const buttons = options.map(([value, text]) => element("button", {
    type: "button", "aria-pressed": String(value === chosen),
    onclick: event => {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      choose(value);
      drawWaiting();
    } }, text));
  return element("div", { class: "choices", role: "group", "aria-label": label }, ...buttons);
}

// ---------- Summary

function banner() {
  const run = Data.run;
  const warnings = [...run.warnings, ...(run.too_many_rejects ? [Texts.of("many_rejects")] : [])];
  const kind = !run.confident ? "bad" : warnings.length ? "review" : "good";
  const text = !run.confident ? "confident_no" : warnings.length ? "confident_warnings" : "confident_yes";
  return element("div", { class: "banner " + kind, role: "status" }, element("strong", {}, Texts.of(text)),
    warnings.length ? element("ul", {}, ...warnings.map(warning => element("li", { lang: /[぀-ヿ]/.test(warning) ? "ja" : "en" }, warning))) : null);
}

function figure(value, name, small) {
  return element("div", { class: "figure" }, element("b", {}, value), element("span", { class: "of" }, name), element("small", {}, small));
}

function figures() {
  const run = Data.run, count = Format.count;
  const out = [
    figure(count(run.records), Texts.of("kpi_records"), Texts.of("kpi_records_note", { read: count(run.rows_read), accepted: count(run.rows_accepted), rejected: count(run.rows_rejected) })),
    figure(count(run.clusters), Texts.of("kpi_persons"), Texts.of("kpi_persons_note", { n: count(run.largest_cluster) })),
    figure(count(run.links_match), Texts.of("kpi_links"), Texts.of("kpi_links_note", { x: Format.smallPercent(run.expected_wrong_links) })),
    figure(count(run.review_cases), Texts.of("kpi_review"), Texts.of("kpi_review_note", { n: count(run.links_review) })),
    figure(Format.smallPercent(Data.unlinkable / Math.max(1, run.records)), Texts.of("kpi_unlinkable"), Texts.of("kpi_unlinkable_note", { n: count(Data.unlinkable) })),
  ];
  if (Data.evaluation) {
    const pairs = Data.evaluation.pairs;
    out.push(figure(pairs.f1.toFixed(4), Texts.of("kpi_f1"), Texts.of("kpi_f1_note", { low: pairs.f1_95[0].toFixed(4), high: pairs.f1_95[1].toFixed(4) })));
  }
  return element("div", { class: "figures" }, ...out);
}

function settings() {
  const run = Data.run;
  const rows = [
    ["set_command", "nayose " + run.command], ["set_preset", run.preset],
    ["set_match", Texts.of("bits", { x: Format.bits(run.match_threshold) })],
    ["set_review", Texts.of("bits", { x: Format.bits(run.review_threshold) })],
    ["set_model", Texts.of("model_" + run.model)],
    ["set_classes", Texts.of("set_classes_value", { records: Format.count(Data.model.records), persons: Format.count(Data.model.persons) })],
    ["set_candidates", Format.count(run.candidate_pairs)],
  ];
  return card(Texts.of("settings"), element("dl", {}, ...rows.flatMap(([key, value]) => [element("dt", {}, Texts.of(key)), element("dd", {}, value)])));
}

function files() {
  const list = Data.run.files;
  const optional = [["file_rejected", "rejected"], ["file_malformed", "malformed_characters"], ["file_unknown", "unknown_columns"]]
    .filter(([, key]) => list.some(file => file[key] > 0));
  return card(Texts.of("files"), table(
    [Texts.of("file_name"), Texts.of("file_encoding"), Texts.of("file_read"), ...optional.map(([key]) => Texts.of(key))],
    list.map(file => [file.name, file.encoding, Format.count(file.read), ...optional.map(([, key]) => Format.count(file[key]))]),
    [2, 3, 4, 5]));
}

function summary() {
  return [banner(), element("p", { class: "privacy" }, Texts.of(Data.with_values ? "private_yes_long" : "private_no_long")),
          figures(), element("div", { class: "two" }, settings(), files())];
}

// ---------- Data quality

function quality() {
  const q = Data.quality, total = Math.max(1, q.all.records);
  const filled = q.fields.map((field, i) => ({ label: Texts.field(field), value: q.all.filled[i] / total,
    shown: Format.percent(q.all.filled[i] / total), colour: Charts.colour("for") }));
  return [element("div", { class: "two" }, completenessCard(filled), findings()), rejects(), bySource()];
}

function completenessCard(filled) {
  return card(Texts.of("completeness"), note(Texts.of("completeness_note")),
    chart(Charts.bars(filled, { title: Texts.of("share"), most: 1, format: ".0%" }), Texts.of("completeness")));
}

function findings() {
  const list = Data.quality.findings;
  const rows = list.map(f => ({ label: Texts.finding(f.kind) + (f.field ? (Texts.language === "ja" ? "（" + Texts.field(f.field) + "）" : " (" + Texts.field(f.field) + ")") : ""),
    value: f.count, shown: Format.count(f.count), colour: Charts.colour("review") }));
  const most = Math.max(1, ...rows.map(row => row.value));
  return card(Texts.of("findings"), note(Texts.of("findings_note")),
    rows.length ? chart(Charts.bars(rows.slice(0, 16), { title: Texts.of("count"), most, format: "~s" }), Texts.of("findings")) : note(Texts.of("findings_none")));
}

function rejects() {
  const list = Data.quality.rejects;
  if (!list.length) return null;
  return card(Texts.of("rejects"), table([Texts.of("field"), Texts.of("reject_reason"), Texts.of("count")],
    list.map(r => [r.field ? Texts.field(r.field) : "", r.kind, Format.count(r.count)]), [2]));
}

function bySource() {
  const q = Data.quality;
  if (q.source_count < 2) return null;
  const sources = [...q.sources, ...(q.others ? [{ ...q.others, source: Texts.of("others") }] : [])];
  const rows = sources.flatMap(source => q.fields.map((field, i) => ({ source: source.source, field: Texts.field(field),
    records: source.records, share: source.filled[i] / Math.max(1, source.records) })));
  const place = chart(Charts.heatmap(rows), Texts.of("by_source"), { style: "min-width: 640px" });
  return card(Texts.of("by_source"), note(Texts.of("by_source_note", { shown: q.sources.length, all: q.source_count })),
    element("div", { class: "scroll" }, place));
}

// ---------- Weights, accuracy, clusters

function weights() {
  const lowest = Data.lowest_weight;
  const below = Data.weights[0]?.[0] === lowest ? note(Texts.of("weights_below", { x: Format.bits(lowest) })) : null;
  return [card(Texts.of("weights_title"), note(Texts.of("weights_note")), chart(Charts.weights(Data), Texts.of("weights_title")),
               note(Texts.of("weights_held")), below)];
}

function accuracy() {
  const e = Data.evaluation;
  if (!e) return null;
  const withInterval = (row, name) => row[name].toFixed(4) + " (" + row[name + "_95"].map(x => x.toFixed(4)).join("–") + ")";
  const measures = ["precision", "recall", "f1"];
  const share = (a, b) => Format.percent(b ? a / b : 0);
  const shown = { ...e, thresholds: e.thresholds.filter(row => row.match_weight >= Data.run.review_threshold) };
  return [
    card(Texts.of("eval_what"), table(["", ...measures.map(name => Texts.of(name))],
        [["eval_pairs", e.pairs], ["eval_bcubed", e.b_cubed]].map(([key, row]) => [Texts.of(key), ...measures.map(name => withInterval(row, name))])),
      note(Texts.of("eval_counts", { true: Format.count(e.true_pairs), found: Format.count(e.found_pairs), correct: Format.count(e.correct_pairs), exact: Format.percent(e.exact_clusters, 2) })),
      note(Texts.of("eval_review", { n: Format.count(e.review_pairs), share: share(e.review_true, e.review_pairs), held: share(e.review_true, e.missed_pairs) })),
      e.records_without_truth ? note(Texts.of("eval_missing", { n: Format.count(e.records_without_truth) })) : null),
    element("div", { class: "two" },
      card(Texts.of("pr_title"), note(Texts.of("pr_note")), chart(Charts.precisionRecall(shown), Texts.of("pr_title"))),
      card(Texts.of("pr_by_threshold"), note(Texts.of("pr_by_threshold_note")), chart(Charts.byThreshold({ ...Data, evaluation: shown }), Texts.of("pr_by_threshold")))),
  ];
}

function clusters() {
  const share = Data.unlinkable / Math.max(1, Data.run.records);
  return [element("div", { class: "two" },
    card(Texts.of("clusters_title"), note(Texts.of("clusters_note")), chart(Charts.clusterSizes(Data), Texts.of("clusters_title"))),
    card(Texts.of("unlinkable_title"), note(Texts.of("unlinkable_note", { share: Format.smallPercent(share), n: Format.count(Data.unlinkable) })),
      chart(Charts.selfWeights(Data), Texts.of("unlinkable_title"))))];
}

// ---------- Pairs

function waterfallParts(why) {
  const parts = [{ name: Texts.of("part_prior"), bits: why.prior }];
  for (const bar of why.bars) {
    const comparison = Texts.comparison(bar.comparison);
    if (Texts.kind(bar.comparison, bar.level) !== "missing")
      parts.push({ name: comparison + ": " + Texts.level(bar.comparison, bar.level), bits: bar.weight });
    if (bar.frequency) parts.push({ name: Texts.of("part_frequency", { name: comparison }), bits: bar.frequency });
  }
  parts.push({ name: Texts.of("part_other"), bits: why.other });
  if (why.calibration) parts.push({ name: Texts.of("part_calibration"), bits: why.calibration });
  if (why.cap) parts.push({ name: Texts.of("part_cap"), bits: why.cap });
  return parts;
}

// The library's notes, in the page's language.
function noteText(text) {
  const common = /^name, birth date and sex alone: ([\d.]+)/.exec(text);
  if (common) return Texts.of("note_common", { n: Number(common[1]).toPrecision(2) });
  if (text.startsWith("too little could be compared")) return Texts.of("note_sparse");
  if (text.startsWith("one of the records may be several")) return Texts.of("note_held_record");
  if (text.startsWith("no blocking rule brings")) return Texts.of("note_unblocked");
  return text;
}

function why(pair) {
  const parts = waterfallParts(pair.why);
  return element("div", {}, note(Texts.of("against", { match: Texts.className(pair.why.match), rival: Texts.className(pair.why.rival) })),
    chart(Charts.waterfall(parts, Data.run), parts.map(part => part.name + " " + Format.signed(part.bits)).join(", ")),
    ...pair.why.notes.map(text => note(noteText(text))),
    pair.why.rules.length ? note(Texts.of("rules", { rules: pair.why.rules.join(", ") })) : null);
}

function levelsOf(pair, comparisons) {
  const bars = comparisons.map(name => pair.why.bars.find(bar => bar.comparison === name)).filter(Boolean);
  return element("div", { class: "levels" }, ...bars.map(bar => {
    const kind = Texts.kind(bar.comparison, bar.level);
    const level = kind === "missing" ? "" : Texts.level(bar.comparison, bar.level);
    const name = bars.length > 1 ? Texts.comparison(bar.comparison) + (level ? ": " : "") : "";
    return element("div", {}, chip(Texts.of("kind_" + kind), kind), " ", element("span", { class: "level" }, name + level));
  }));
}

// Which comparisons speak of a stated field.
const kComparisonsOf = { name: ["family_name", "given_name"], birth: ["birth_date"], sex: ["sex"], insurance: ["coverage"],
                         care_insurance: ["care_insurance"], address: ["address"], phone: ["phone"] };

function sideBySide(pair) {
  const heads = [Texts.of("field")];
  let rows;
  if (pair.stated) {
    heads.push(Texts.of("record_a"), Texts.of("record_b"), Texts.of("agreement"));
    rows = Object.keys(pair.stated.a).filter(field => pair.stated.a[field].length || pair.stated.b[field].length)
      .map(field => [Texts.field(field), pair.stated.a[field].join(" / ") || "–", pair.stated.b[field].join(" / ") || "–", levelsOf(pair, kComparisonsOf[field] ?? [])]);
  } else {
    heads.push(Texts.of("agreement"));
    rows = pair.why.bars.map(bar => [Texts.comparison(bar.comparison), levelsOf(pair, [bar.comparison])]);
  }
  const made = table(heads, rows);
  made.classList.add("side");
  if (pair.stated) made.classList.add("with-values");
  return made;
}

const keysOf = pair => element("span", { class: "keys key" }, Format.key(pair.a), " ↔ ", Format.key(pair.b));

function chosenPair(pair) {
  return element("div", {},
    element("div", { class: "pair-head" }, element("span", { class: "weight" }, Texts.of("bits", { x: Format.signed(pair.why.weight) })),
      element("span", {}, Texts.of("probability") + " " + Format.probability(pair.why.probability)),
      chip(Texts.of(pair.linked ? "linked_yes" : "linked_no"), pair.linked ? "agrees" : "near"), keysOf(pair)),
    element("div", { class: "case-body" + (pair.stated ? " tall" : ""), style: "padding: 0" }, sideBySide(pair), why(pair)));
}

function chosen() {
  const list = Data.pairs.chosen;
  if (!list.length) return null;
  const place = element("div", {}, chosenPair(list[0]));
  return [card(Texts.of("chosen_title"), note(Texts.of("chosen_note")),
    choices(Texts.of("chosen_title"), list.map((pair, i) => [i, Texts.of("role_" + pair.role)]), 0,
            i => place.replaceChildren(chosenPair(list[i]))), place)];
}

function reviewCase(pair) {
  const body = element("div", { class: "case-body" + (pair.stated ? " tall" : "") });
  const made = element("details", { class: "case", ontoggle: () => {
    if (!made.open || body.hasChildNodes()) return;
    body.append(sideBySide(pair), why(pair));
    drawWaiting();
  } }, element("summary", {},
      element("span", {}, Texts.of("case", { n: pair.case })),
      element("span", {}, chip(Texts.of("reason_" + pair.reason), "near")),
      element("span", { class: "weight" }, Texts.of("bits", { x: Format.signed(pair.why.weight) })),
      element("span", { class: "keys" }, keysOf(pair), pair.pairs > 1 ? " " : null, pair.pairs > 1 ? chip(Texts.of("review_pairs", { n: pair.pairs })) : null)),
    body);
  return made;
}

function reviewList() {
  const kPage = 20;
  const list = element("div", {});
  let reason = "", shown = 0;
  const more = element("button", { type: "button", class: "more", onclick: () => showMore() });
  const fitting = () => Data.pairs.review.filter(pair => !reason || pair.reason === reason);
  function showMore() {
    const all = fitting();
    list.append(...all.slice(shown, shown + kPage).map(reviewCase));
    shown = Math.min(all.length, shown + kPage);
    more.hidden = shown >= all.length;
    more.textContent = Texts.of("review_more", { n: Math.min(kPage, all.length - shown) });
  }
  const choose = event => {
    reason = event.target.value, shown = 0;
    list.replaceChildren();
    showMore();
  };
  const reasons = [...new Set(Data.pairs.review.map(pair => pair.reason))];
  const select = element("select", { "aria-label": Texts.of("review_all_reasons"), onchange: choose },
    element("option", { value: "" }, Texts.of("review_all_reasons")),
    ...reasons.map(name => element("option", { value: name }, Texts.of("reason_" + name))));
  showMore();
  if (list.firstChild) list.firstChild.open = true;
  return [reasons.length > 1 ? element("div", { class: "choices" }, select) : null, list, more];
}

function review() {
  const all = Data.run.review_cases, shown = Data.pairs.review.length;
  if (!shown) return [card(null, note(Texts.of("review_none")))];
  const head = Texts.of("review_note", { shown: Format.count(shown), all: Format.count(all) });
  return [note(head + (Texts.language === "ja" ? "" : " ") + Texts.of("review_how")), ...reviewList()];
}

// ---------- Model, names

// P(level | class), or over all classes of non-matches by their shares.
function rivalProbability(probabilities, rival) {
  const classes = Data.model.classes;
  if (rival >= 0) return probabilities[rival];
  const others = classes.map((one, i) => [one, probabilities[i]]).filter(([one]) => !one.match);
  const mass = others.reduce((sum, [one]) => sum + one.share, 0);
  return others.reduce((sum, [one, p]) => sum + one.share * p, 0) / mass;
}

function levelRows(rival) {
  const match = Data.model.classes.findIndex(one => one.match);
  return Data.model.comparisons.map(comparison => ({ name: comparison.name, rows: comparison.levels.map(level => {
    const m = level.p[match], u = rivalProbability(level.p, rival);
    return { label: Texts.level(comparison.name, level.name), m, u, weight: Math.log2(m / u) };
  }) }));
}

function levelCharts(rival) {
  const comparisons = levelRows(rival);
  const reach = Math.ceil(Math.max(1, ...comparisons.flatMap(one => one.rows.map(row => Math.abs(row.weight)))));
  const figures = comparisons.flatMap(one => one.rows.map(row => [Texts.comparison(one.name), row.label, row.m.toPrecision(3), row.u.toPrecision(3), Format.signed(row.weight)]));
  return [element("div", { class: "two" }, ...comparisons.map(one =>
      element("div", {}, element("h3", {}, Texts.comparison(one.name)), chart(Charts.levels(one.rows, reach), Texts.comparison(one.name))))),
    element("details", {}, element("summary", {}, Texts.of("model_table")),
      table([Texts.of("field"), Texts.of("level"), "m", "u", Texts.of("weight")], figures, [2, 3, 4]))];
}

function model() {
  if (!Data.model.classes.some(one => one.match)) return null;
  const place = element("div", {}, ...levelCharts(-1));
  const rivals = Data.model.classes.map((one, i) => [i, Texts.className(one.name), one.match]).filter(([, , match]) => !match);
  return [card(Texts.of("model_title"), note(Texts.of("model_note")),
    choices(Texts.of("model_rival"), [[-1, Texts.of("rival_all")], ...rivals], -1, rival => place.replaceChildren(...levelCharts(rival))), place)];
}

function names() {
  if (!Data.names.length) return null;
  const out = [card(Texts.of("names_title"), note(Texts.of(Data.with_values ? "names_note_values" : "names_note")),
    chart(Charts.nameShares(Data.names), Texts.of("names_title")),
    element("p", { class: "note" }, ...Data.names.map(one => Texts.nameSeries(one) + ": " + Texts.of("distinct_names", { n: Format.count(one.distinct) })).join(" ・ ")))];
  const tops = Data.names.filter(one => one.top?.length);
  if (tops.length)
    out.push(element("div", { class: "two" }, ...tops.map(one => {
      const rows = one.top.map(entry => ({ label: entry.name, value: entry.count / one.total, colour: Charts.colour("for"),
        shown: Format.percent(entry.count / one.total, 2) + " (" + Format.count(entry.count) + ")" }));
      return card(Texts.of("most_common") + (Texts.language === "ja" ? "：" : ": ") + Texts.nameSeries(one),
        chart(Charts.bars(rows, { title: Texts.of("share"), most: rows[0].value, format: ".1%", height: 20, pixels: 100 }), Texts.of("most_common")));
    })));
  return out;
}

// ---------- The page

const kSections = [["summary", summary], ["quality", quality], ["weights", weights], ["accuracy", accuracy], ["clusters", clusters],
                   ["pairs", chosen], ["review", review], ["model", model], ["names", names]];

function build() {
  const run = Data.run;
  document.documentElement.lang = Texts.language;
  document.title = Texts.of("title") + " – nayose";
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = Texts.of(place.dataset.text);
  const values = { command: "nayose " + run.command, preset: run.preset, today: run.today, tool: run.tool };
  document.getElementById("subtitle").replaceChildren(Texts.of(run.today ? "subtitle" : "subtitle_undated", values), " ",
    chip(Texts.of(Data.with_values ? "private_yes" : "private_no"), Data.with_values ? "bad" : "good"));
  document.getElementById("footer").textContent = Texts.of("footer", { tool: run.tool });
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === Texts.language));
  const sections = kSections.map(([name, make]) => [name, make()]).filter(([, parts]) => parts);
  document.getElementById("nav").replaceChildren(...sections.map(([name]) => element("a", { href: "#" + name }, Texts.of("nav_" + name))));
  document.getElementById("main").replaceChildren(...sections.map(([name, parts]) => element("section", { id: name },
    name === "summary" ? null : element("h2", {}, Texts.of("nav_" + name)), ...parts)
  ));
  drawWaiting();
}

function start() {
  const asked = /[?#&]lang=(ja|en)\b/.exec(location.search + location.hash)?.[1];
  Texts.language = asked ?? (navigator.language.startsWith("ja") ? "ja" : "en");
  for (const button of document.querySelectorAll("[data-language]"))
    button.addEventListener("click", () => { Texts.language = button.dataset.language; build(); });
  document.getElementById("licences-shown").textContent = document.getElementById("licences").textContent;
  build();
}
start();
