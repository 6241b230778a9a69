// SPDX-License-Identifier: Apache-2.0
// The charts, as Vega-Lite specifications. Each takes rows of figures and gives a specification for a width.
"use strict";

const Charts = (() => {
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  function config() {
    const ink = colour("ink"), soft = colour("soft"), line = colour("line");
    const font = getComputedStyle(document.body).fontFamily;
    return {
      background: null, font, padding: 2,
      view: { stroke: null },
      axis: { labelColor: soft, titleColor: soft, gridColor: line, domainColor: line, tickColor: line,
              labelFontSize: 12, titleFontSize: 12, titleFontWeight: "normal", titlePadding: 8 },
      legend: { labelColor: ink, titleColor: soft, labelFontSize: 12, orient: "top", title: null, symbolType: "square", symbolOpacity: 1 },
      text: { color: ink, fontSize: 12 },
      bar: { cornerRadius: 1 },
      line: { strokeWidth: 2 },
    };
  }

  // Vega-Lite says that it fits no height where a height is by rows, which is what is meant.
  const logger = { level: () => logger, error: (...args) => (console.error(...args), logger), info: () => logger, debug: () => logger,
                   warn: (...args) => (String(args[0]).startsWith("Dropping \"fit-y\"") || console.warn(...args), logger) };

  // Drawn again on another width or theme; a chart that fails says so in its place.
  const drawn = new Map();
  function draw(place, makeSpec) {
    drawn.set(place, makeSpec);
    const width = place.clientWidth;
    if (width < 40) return;  // not shown yet
    const old = place.view;
    try {
      const spec = makeSpec(width);
      const whole = { width, autosize: { type: "fit-x", contains: "padding" }, config: config(),
                      description: place.dataset.label, ...spec };
      const view = new vega.View(vega.parse(vegaLite.compile(whole, { logger }).spec), { renderer: "svg" });
      place.replaceChildren();
      view.initialize(place).run();
      place.view = view;
      if (old) old.finalize();
    } catch (error) {
      place.textContent = Texts.of("chart_failed");
      console.error(error);
    }
  }
  function redrawAll() {
    for (const [place, makeSpec] of drawn)
      if (place.isConnected) draw(place, makeSpec);
      else drawn.delete(place);
  }
  let waiting = 0, lastWidth = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === lastWidth) return;
    lastWidth = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(redrawAll, 120);
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawAll);

  const inside = axis => ({ ...axis, tickCount: 6 });
  const logScale = (rows, field) =>
    ({ type: "log", domain: [0.7, Math.max(10, ...rows.map(row => row[field])) * 1.6] });
  const powers = rows => {
    const values = [];
    for (let n = 1; n <= Math.max(10, ...rows.map(row => row.count)) * 1.6; n *= 10) values.push(n);
    return values;
  };
  // Vertical lines with a word on top: thresholds.
  const marks = lines => [
    { data: { values: lines }, mark: { type: "rule", strokeWidth: 1.5, strokeDash: [5, 3] },
      encoding: { x: { field: "at", type: "quantitative" }, color: { field: "colour", type: "nominal", scale: null } } },
    { data: { values: lines }, mark: { type: "text", baseline: "top", y: 0, fontWeight: 600 },
      encoding: { x: { field: "at", type: "quantitative" }, text: { field: "label" },
                  color: { field: "colour", type: "nominal", scale: null } } },
  ];
  const thresholdLines = run => {
    const lines = [{ at: run.match_threshold, label: Texts.of("threshold_match", { x: Format.bits(run.match_threshold) }),
                     colour: colour("for"), align: "left", dx: 5 }];
    if (run.review_threshold < run.match_threshold)
      lines.push({ at: run.review_threshold, label: Texts.of("threshold_review", { x: Format.bits(run.review_threshold) }),
                   colour: colour("review"), align: "right", dx: -5 });
    return lines;
  };
  // Text marks cannot take their alignment from data: one layer a side.
  const thresholdMarks = (run, height) => thresholdLines(run).flatMap(line => {
    const layers = marks([line]);
    Object.assign(layers[1].mark, { align: line.align, dx: line.dx });
    if (height) Object.assign(layers[1].mark, { y: height - 4, baseline: "bottom" });
    return layers;
  });
  const onlyMatch = run => ({ match_threshold: run.match_threshold, review_threshold: run.match_threshold });

  function weights(data) {
    const run = data.run;
    const zoneOf = low => low >= run.match_threshold ? "match" : low + 1 > run.review_threshold ? "review" : "apart";
    const rows = data.weights.map(([low, count]) =>
      ({ low, high: low + 1, count, base: 0.7, zone: Texts.of("zone_" + zoneOf(low)) }));
    const zones = ["apart", "review", "match"];
    return width => ({
      height: width < 500 ? 240 : 300,
      layer: [{
        data: { values: rows },
        mark: { type: "rect", tooltip: true, stroke: colour("card"), strokeWidth: 1 },
        encoding: {
          x: { field: "low", type: "quantitative", axis: inside({ title: Texts.of("weights_axis"), grid: false }), scale: { nice: false } },
          x2: { field: "high" },
          y: { field: "count", type: "quantitative", scale: logScale(rows, "count"),
               axis: { title: Texts.of("pairs_axis"), values: powers(rows), format: ",d" } },
          y2: { field: "base" },
          color: { field: "zone", type: "nominal", legend: {},
                   scale: { domain: zones.map(z => Texts.of("zone_" + z)), range: [colour("apart"), colour("review"), colour("for")] } },
          tooltip: [{ field: "low", title: Texts.of("weights_axis") }, { field: "count", title: Texts.of("pairs_axis"), format: "," },
                    { field: "zone", title: Texts.of("zone") }],
        },
      }, ...thresholdMarks(run)],
    });
  }

  function selfWeights(data) {
    const total = data.self_weights.reduce((sum, [, count]) => sum + count, 0) || 1;
    let below = 0;
    const rows = [];
    for (const [low, count] of data.self_weights) {
      rows.push({ at: low, share: below / total });
      below += count;
      rows.push({ at: low + 1, share: below / total });
    }
    const match = data.run.match_threshold;
    return width => ({
      height: width < 500 ? 200 : 230,
      layer: [{
        data: { values: rows },
        mark: { type: "area", line: { color: colour("for") }, color: colour("for"), opacity: 0.85, fillOpacity: 0.14 },
        encoding: {
          x: { field: "at", type: "quantitative", axis: inside({ title: Texts.of("self_axis"), grid: false }),
               scale: { nice: false, domain: [Math.min(match - 4, rows[0]?.at ?? 0), rows.at(-1)?.at ?? 1] } },
          y: { field: "share", type: "quantitative", stack: null, scale: { domain: [0, 1] }, axis: { title: Texts.of("below_axis"), format: ".0%" } },
          tooltip: [{ field: "at", title: Texts.of("self_axis") }, { field: "share", title: Texts.of("below_axis"), format: ".2%" }],
        },
      }, ...thresholdMarks(onlyMatch(data.run))],
    });
  }

  function clusterSizes(data) {
    const rows = [];
    let beyond = 0, records = 0;
    for (const [size, count] of data.clusters)
      if (size <= 20) rows.push({ size: String(size), count, base: 0.7, records: size * count });
      else beyond += count, records += size * count;
    if (beyond) rows.push({ size: "21+", count: beyond, base: 0.7, records });
    return width => ({
      height: width < 500 ? 200 : 230,
      data: { values: rows },
      encoding: {
        x: { field: "size", type: "nominal", sort: null, axis: { title: Texts.of("cluster_size"), labelAngle: 0 } },
        y: { field: "count", type: "quantitative", scale: logScale(rows, "count"),
             axis: { title: Texts.of("clusters_axis"), values: powers(rows), format: ",d" } },
      },
      layer: [
        { mark: { type: "bar", color: colour("for"), tooltip: true },
          encoding: { y2: { field: "base" },
                      tooltip: [{ field: "size", title: Texts.of("cluster_size") }, { field: "count", title: Texts.of("clusters_axis"), format: "," },
                                { field: "records", title: Texts.of("records_axis"), format: "," }] } },
        ...(width / rows.length < 34 ? [] : [{ mark: { type: "text", dy: -7, fontSize: 11 }, encoding: { text: { field: "count", format: "," } } }]),
      ],
    });
  }

  // How much further than its bars an axis must reach, that figures of some pixels fit beside them.
  const room = (width, pixels) => pixels / Math.max(60, width * 0.55 - pixels);

  // Horizontal bars with their figure: rows {label, value, shown, colour}; the longest may be `most`.
  function bars(rows, { title, most, format, height, pixels }) {
    return width => ({
      height: { step: height || 24 },
      data: { values: rows },
      encoding: {
        y: { field: "label", type: "nominal", sort: null,
             axis: { title: null, ticks: false, domain: false, labelColor: colour("ink"), labelLimit: width * 0.42, labelPadding: 8 } },
        x: { field: "value", type: "quantitative", scale: { domain: [0, most * (1 + room(width, pixels ?? 48))], nice: false },
             axis: { title, format, tickCount: width < 500 ? 3 : 5 } },
      },
      layer: [
        { mark: { type: "bar", tooltip: true, height: { band: 0.68 } },
          encoding: { color: { field: "colour", type: "nominal", scale: null },
                      tooltip: [{ field: "label", title: " " }, { field: "shown", title: title || " " }] } },
        { mark: { type: "text", align: "left", dx: 5, fontSize: 11 }, encoding: { text: { field: "shown" } } },
      ],
    });
  }

  function heatmap(rows) {
    const pale = colour("wash"), full = colour("for");
    return width => ({
      height: { step: 26 },
      data: { values: rows },
      encoding: {
        x: { field: "field", type: "nominal", sort: null, axis: { title: null, orient: "top", labelAngle: width < 900 ? -35 : 0, ticks: false, domain: false, labelColor: colour("ink"), labelFontSize: 11 } },
        y: { field: "source", type: "nominal", sort: null, axis: { title: null, ticks: false, domain: false, labelColor: colour("ink"), labelLimit: 170 } },
      },
      layer: [
        { mark: { type: "rect", stroke: colour("card"), strokeWidth: 2, tooltip: true },
          encoding: { color: { field: "share", type: "quantitative", scale: { domain: [0, 1], range: [pale, full], interpolate: "rgb" }, legend: null },
                      tooltip: [{ field: "source", title: Texts.field("source") }, { field: "records", title: Texts.of("records_axis"), format: "," },
                                { field: "field", title: Texts.of("field") }, { field: "share", title: Texts.of("share"), format: ".1%" }] } },
        { mark: { type: "text", fontSize: 11 },
          encoding: { text: { field: "share", format: ".0%" },
                      color: { condition: { test: "datum.share > 0.55", value: colour("card") }, value: colour("ink") } } },
      ],
    });
  }

  // A label so near to the last one that they would overlap is left out.
  function thinOutLabels(points) {
    const reach = name => Math.max(...points.map(p => p[name])) - Math.min(...points.map(p => p[name])) || 1;
    const across = reach("recall"), up = reach("precision");
    let last = null;
    for (const point of points) {
      const near = last && Math.abs(point.recall - last.recall) < across * 0.06 && Math.abs(point.precision - last.precision) < up * 0.1;
      point.shown = near ? "" : point.label;
      if (!near) last = point;
    }
  }

  function precisionRecall(evaluation) {
    const point = (row, label, result) => ({
      recall: row.recall, precision: row.precision, label, result,
      recall_low: row.recall_95[0], recall_high: row.recall_95[1],
      precision_low: row.precision_95[0], precision_high: row.precision_95[1],
    });
    const line = evaluation.thresholds.map(row => point(row, Format.bits(row.match_weight)));
    thinOutLabels(line);
    const result = [point(evaluation.pairs, Texts.of("eval_what"))];
    const all = [...line, ...result];
    const low = name => Math.max(0, Math.min(...all.map(row => row[name])));
    const scale = name => {
      const from = low(name), room = Math.max(0.002, (1 - from) * 0.06);
      return { domain: [Math.max(0, from - room), Math.min(1 + room / 2, 1.02)], nice: false, clamp: true };
    };
    const x = { field: "recall", type: "quantitative", scale: scale("recall_low"), axis: inside({ title: Texts.of("recall") }) };
    const y = { field: "precision", type: "quantitative", scale: scale("precision_low"), axis: inside({ title: Texts.of("precision") }) };
    const intervals = (rows, shade) => [
      { data: { values: rows }, mark: { type: "rule", color: shade, opacity: 0.5 }, encoding: { x: { ...x, field: "recall_low" }, x2: { field: "recall_high" }, y } },
      { data: { values: rows }, mark: { type: "rule", color: shade, opacity: 0.5 }, encoding: { x, y: { ...y, field: "precision_low" }, y2: { field: "precision_high" } } },
    ];
    const tooltip = [{ field: "label", title: Texts.of("threshold_axis") }, { field: "precision", title: Texts.of("precision"), format: ".5f" },
                     { field: "recall", title: Texts.of("recall"), format: ".5f" }];
    return width => ({
      height: 280,
      layer: [
        ...intervals(line, colour("for")),
        { data: { values: line }, mark: { type: "line", color: colour("for"), order: false, strokeWidth: 1.5 }, encoding: { x, y, order: { field: "recall" } } },
        { data: { values: line }, mark: { type: "circle", color: colour("for"), size: 45, opacity: 1, tooltip: true }, encoding: { x, y, tooltip } },
        { data: { values: line }, mark: { type: "text", align: "right", dx: -6, dy: 11, color: colour("soft"), fontSize: 11 }, encoding: { x, y, text: { field: "shown" } } },
        ...intervals(result, colour("against")),
        { data: { values: result }, mark: { type: "point", shape: "diamond", filled: true, color: colour("against"), size: 130, opacity: 1, tooltip: true }, encoding: { x, y, tooltip } },
      ],
    });
  }

  function byThreshold(data) {
    const rows = data.evaluation.thresholds.flatMap(row => ["precision", "recall"].map(name => ({
      at: row.match_weight, measure: Texts.of(name), value: row[name], low: row[name + "_95"][0], high: row[name + "_95"][1] })));
    const low = Math.min(...rows.map(row => row.low));
    const x = { field: "at", type: "quantitative", axis: inside({ title: Texts.of("threshold_axis"), grid: false }), scale: { nice: false } };
    const y = { type: "quantitative", scale: { domain: [Math.max(0, low - (1 - low) * 0.06 - 0.001), 1], nice: false } };
    const shade = { field: "measure", type: "nominal", scale: { domain: [Texts.of("precision"), Texts.of("recall")], range: [colour("for"), colour("against")] } };
    return width => ({
      height: 252,
      layer: [
        { data: { values: rows }, mark: { type: "area", opacity: 0.18 },
          encoding: { x, y: { ...y, field: "low", axis: inside({ title: null }) }, y2: { field: "high" }, color: shade } },
        { data: { values: rows }, mark: { type: "line", point: { size: 30 }, tooltip: true },
          encoding: { x, y: { ...y, field: "value" }, color: shade,
                      tooltip: [{ field: "measure", title: " " }, { field: "at", title: Texts.of("threshold_axis") }, { field: "value", title: Texts.of("share"), format: ".5f" },
                                { field: "low", title: "95 % −", format: ".5f" }, { field: "high", title: "95 % +", format: ".5f" }] } },
        ...thresholdMarks(onlyMatch(data.run), 252),
      ],
    });
  }

  // The levels of one comparison: rows {label, weight, m, u}.
  function levels(rows, reach) {
    return width => ({
      height: { step: 20 },
      data: { values: rows },
      encoding: {
        y: { field: "label", type: "nominal", sort: null, axis: { title: null, ticks: false, domain: false, labelColor: colour("ink"), labelLimit: width * 0.45, minExtent: Math.round(Math.min(170, width * 0.42)), labelPadding: 8, labelFontSize: 11.5 } },
        x: { field: "weight", type: "quantitative", scale: { domain: [-reach, reach], nice: false }, axis: { title: null, tickCount: 5 } },
      },
      layer: [
        { mark: { type: "bar", height: { band: 0.66 }, tooltip: true },
          encoding: { color: { condition: { test: "datum.weight >= 0", value: colour("for") }, value: colour("against") },
                      tooltip: [{ field: "label", title: Texts.of("level") }, { field: "m", title: "m", format: ".3g" }, { field: "u", title: "u", format: ".3g" },
                                { field: "weight", title: Texts.of("weight"), format: "+.2f" }] } },
        { mark: { type: "rule", color: colour("soft"), strokeWidth: 1 }, encoding: { x: { datum: 0 }, y: null } },
      ],
    });
  }

  // parts: [{name, bits}]; ends in their sum.
  function waterfall(parts, run) {
    const rows = [];
    let sum = 0;
    for (const part of parts) {
      rows.push({ label: part.name, from: sum, to: sum + part.bits, bits: part.bits, kind: part.bits >= 0 ? "for" : "against" });
      sum += part.bits;
    }
    rows.push({ label: Texts.of("part_total"), from: 0, to: sum, bits: sum, kind: "ink" });
    for (const row of rows) {
      row.end = Math.max(row.from, row.to);
      row.shown = Format.signed(row.bits);
      row.colour = colour(row.kind);
    }
    const low = Math.min(0, run.match_threshold, ...rows.map(row => Math.min(row.from, row.to)));
    const high = Math.max(0, run.match_threshold, ...rows.map(row => row.end));
    return width => ({
      height: { step: 22 },
      layer: [
        { data: { values: rows }, mark: { type: "bar", height: { band: 0.68 }, tooltip: true },
          encoding: {
            y: { field: "label", type: "nominal", sort: null, axis: { title: null, ticks: false, domain: false, grid: false, labelColor: colour("ink"), labelLimit: width * 0.46, labelPadding: 8, labelFontSize: 11.5 } },
            x: { field: "from", type: "quantitative", scale: { domain: [low - (high - low) * 0.02, high + (high - low) * room(width, 46)], nice: false }, axis: { title: Texts.of("weights_axis"), tickCount: width < 500 ? 4 : 6 } },
            x2: { field: "to" },
            color: { field: "colour", type: "nominal", scale: null },
            tooltip: [{ field: "label", title: " " }, { field: "shown", title: Texts.of("weight") }] } },
        { data: { values: rows }, mark: { type: "text", align: "left", dx: 4, fontSize: 11 },
          encoding: { y: { field: "label", type: "nominal", sort: null }, x: { field: "end", type: "quantitative" }, text: { field: "shown" } } },
        { data: { values: [{ at: run.match_threshold }] }, mark: { type: "rule", strokeDash: [5, 3], color: colour("for") },
          encoding: { x: { field: "at", type: "quantitative" } } },
      ],
    });
  }

  function nameShares(names) {
    const rows = names.flatMap(table => table.ranks.map(row => ({ rank: row.rank, up_to: row.up_to, share: row.share, series: Texts.nameSeries(table) })));
    return width => ({
      height: 280,
      data: { values: rows },
      mark: { type: "line", point: { size: 30 }, tooltip: true },
      encoding: {
        x: { field: "rank", type: "quantitative", scale: { type: "log", nice: false }, axis: { title: Texts.of("rank"), format: ",d", tickCount: 5, grid: false } },
        y: { field: "up_to", type: "quantitative", scale: { domain: [0, 1] }, axis: { title: Texts.of("up_to"), format: ".0%" } },
        color: { field: "series", type: "nominal", sort: null, legend: { columns: width < 500 ? 2 : 4 },
                 scale: { range: [colour("for"), colour("against"), colour("review"), colour("good")] } },
        tooltip: [{ field: "series", title: " " }, { field: "rank", title: Texts.of("rank"), format: "," }, { field: "share", title: Texts.of("share"), format: ".3%" },
                  { field: "up_to", title: Texts.of("up_to"), format: ".2%" }],
      },
    });
  }

  return { draw, redrawAll, colour, weights, selfWeights, clusterSizes, bars, heatmap, precisionRecall, byThreshold, levels, waterfall, nameShares };
})();
