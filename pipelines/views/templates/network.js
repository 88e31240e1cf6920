
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const el = (id) => document.getElementById(id);
  const stage = el("network"), tip = el("tip"), detail = el("detail");
  const isNarrow = () => stage.clientWidth < 620;
  const MORE = "+more";
  const nodes = new Map(data.nodes.map((one) => [one.id, one]));
  const edges = new Map(data.edges.map((one) => [one.id, one]));
  let isMoved = false, year = data.open, chosen = null, hovered = null, found = null;

  /* Size and width are square roots of value, on one scale for single years and one for all years together. */
  const trade = (when) => (when.out || 0) + (when.in || 0);
  function largest(items, amount) {
    const top = { one: 1, all: 1 };
    for (const item of items) for (const [key, when] of Object.entries(item.when)) {
      const kind = key === "all" ? "all" : "one";
      top[kind] = Math.max(top[kind], amount(when));
    }
    return top;
  }
  const topNode = largest(data.nodes.filter((one) => one.kind !== "centre"), trade);
  const topEdge = largest(data.edges, (when) => when.value || 0);
  const scale = (top) => (year === "all" ? top.all : top.one);
  const radius = (node, when) => {
    if (node.kind === "centre") return isNarrow() ? 16 : 26;
    const share = Math.sqrt(Math.min(1, trade(when) / scale(topNode)));
    return isNarrow() ? 3 + 10 * share : 4.5 + 17 * share;
  };

  function short(value) {
    if (!value) return "";
    for (const [limit, unit] of [[1e12, " tn"], [1e9, " bn"], [1e6, " M"], [1e3, " k"]])
      if (value >= limit) return (value / limit).toPrecision(value / limit >= 100 ? 3 : 2) + unit;
    return String(Math.round(value));
  }
  const sum = (node, when) => isNarrow() && node.id !== MORE && spot(node).side === "below" ? "" : short(trade(when));
  function caption(node, when) {
    if (node.id === MORE) return when.areas + " more";
    if (!isNarrow() || node.kind === "centre") return node.label;
    return node.kind === "country" || spot(node).side === "below" ? node.id : node.label.slice(0, 14);
  }
  const spot = (node) => (isNarrow() ? { x: node.narrow[0], y: node.narrow[1], side: node.narrow[2] } : node);

  function hatch(ctx, x, y, r) {
    ctx.save(); ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); ctx.fillStyle = "#f5ede4"; ctx.fill(); ctx.clip();
    ctx.strokeStyle = "#8a5a2b"; ctx.lineWidth = 1.6; ctx.beginPath();
    for (let at = -2 * r; at <= 2 * r; at += 4.2) { ctx.moveTo(x + at - r, y + r); ctx.lineTo(x + at + r, y - r); }
    ctx.stroke(); ctx.restore();
    ctx.save(); ctx.setLineDash([3, 2.4]); ctx.strokeStyle = "#8a5a2b"; ctx.lineWidth = 1.3;
    ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); ctx.stroke(); ctx.restore();
  }
  function mark(ctx, node, x, y, r) {
    if (node.kind === "more") {
      ctx.save(); ctx.setLineDash([5, 3]); ctx.lineWidth = 1.6; ctx.strokeStyle = data.colours.kind.more; ctx.fillStyle = "#fff";
      ctx.beginPath(); ctx.rect(x - r, y - r * 0.8, 2 * r, 1.6 * r); ctx.fill(); ctx.stroke(); ctx.restore();
    } else if (!node.is_hatched) {
      ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); ctx.fillStyle = data.colours.kind[node.kind]; ctx.fill();
      ctx.lineWidth = 1.2; ctx.strokeStyle = "#fff"; ctx.stroke();
    } else hatch(ctx, x, y, r);
  }
  function write(ctx, node, x, y, r, when, strong, faint) {
    const name = caption(node, when), amount = sum(node, when), side = spot(node).side;
    const size = isNarrow() ? 11 : node.kind === "centre" ? 17 : 14;
    const family = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
    const bold = strong || node.kind === "centre" ? "650 " : "";
    ctx.font = bold + size + "px " + family;
    const gap = 5, first = ctx.measureText(name).width;
    ctx.font = size * 0.86 + "px " + family;
    const second = amount ? ctx.measureText(amount).width + 5 : 0;
    let at = x + r + gap, base = y;
    if (side === "left") at = x - r - gap - first - second;
    if (side === "below") { at = x - (first + second) / 2; base = y + r + size * 0.85; }
    ctx.textAlign = "left"; ctx.textBaseline = "middle";
    ctx.fillStyle = "rgba(255,255,255,.86)";
    ctx.fillRect(at - 2, base - size * 0.62, first + second + 4, size * 1.24);
    const put = (text, from, font, fill) => { ctx.font = font; ctx.fillStyle = fill; ctx.fillText(text, from, base); };
    put(name, at, bold + size + "px " + family, faint ? "#a9b1b9" : "#16202b");
    if (amount) put(amount, at + first + 5, size * 0.86 + "px " + family, faint ? "#c3c9ce" : "#5a6672");
  }

  /* Who stands out: what is pointed at, chosen or found, and what it is linked to. */
  function lit() {
    const id = hovered || chosen || found;
    if (!id) return null;
    const out = new Set();
    if (edges.has(id)) { out.add(id); out.add(edges.get(id).from); out.add(edges.get(id).to); return out; }
    out.add(id);
    for (const one of edges.values()) if (one.from === id || one.to === id) { out.add(one.id); out.add(one.from); out.add(one.to); }
    return out;
  }
  let bright = null;

  function renderer(node) {
    return ({ ctx, x, y, state }) => {
      const when = node.when[year] || { areas: 0 };
      const r = radius(node, when), faint = bright !== null && !bright.has(node.id);
      return {
        drawNode() {
          ctx.globalAlpha = faint ? 0.25 : 1;
          mark(ctx, node, x, y, r);
          ctx.globalAlpha = 1;
          if (state.selected || found === node.id) { ctx.beginPath(); ctx.arc(x, y, r + 4, 0, 2 * Math.PI); ctx.lineWidth = 2.5; ctx.strokeStyle = "#1a73c9"; ctx.stroke(); }
        },
        drawExternalLabel() { write(ctx, node, x, y, r, when, state.hover || state.selected, faint); },
        nodeDimensions: { width: 2 * r, height: 2 * r },
      };
    };
  }

  const nodeSet = new vis.DataSet(data.nodes.map((node) => {
    const place = spot(node);
    return { id: node.id, shape: "custom", x: place.x, y: place.y, ctxRenderer: renderer(node) };
  }));
  const edgeSet = new vis.DataSet(data.edges.map((one) => ({ id: one.id, from: one.from, to: one.to, arrows: one.arrows })));
  const options = Object.assign({}, data.options, { autoResize: true });
  const network = new vis.Network(stage, { nodes: nodeSet, edges: edgeSet }, options);

  function drawEdges() {
    const ties = el("ties").checked;
    edgeSet.update(data.edges.map((one) => {
      const when = one.when[year], level = when ? when.level : null;
      const share = when ? Math.sqrt((when.value || 0) / scale(topEdge)) : 0;
      const faint = bright !== null && !bright.has(one.id);
      const strength = faint ? 0.08 : one.tie && bright === null ? (level >= 1 ? 0.75 : 0.3) : 0.85;
      const colour = data.colours.level[level === null ? "None" : String(level)];
      return {
        id: one.id, hidden: !when || (one.tie && !ties), width: (isNarrow() ? 0.6 : 0.9) + (isNarrow() ? 6 : 11) * share,
        dashes: level === 1 ? [9, 5] : false,
        label: faint ? undefined : level >= 2 ? data.levels[level] : one.id === data.focus ? "this flow" : undefined,
        font: { size: isNarrow() ? 10 : 13, color: colour, background: "rgba(255,255,255,.9)", strokeWidth: 0, align: "horizontal" },
        color: { color: colour, hover: colour, highlight: colour, opacity: strength, inherit: false },
      };
    }));
  }
  function shown(node) {
    return node.kind === "centre" || Boolean(node.when[year]);
  }
  function draw() {
    bright = lit();
    drawEdges();
    nodeSet.update(data.nodes.map((node) => ({ id: node.id, hidden: !shown(node), size: radius(node, node.when[year] || {}) })));
    network.redraw();
  }

  /* Words are put in as text, never as markup. */
  function make(tag, text, kind) {
    const one = document.createElement(tag);
    if (text !== undefined) one.textContent = text;
    if (kind) one.className = kind;
    return one;
  }
  const when = () => (year === "all" ? "all years" : year);
  function pairs(rows) {
    const list = make("dl", undefined, "pair");
    for (const [key, value] of rows) { list.append(make("dt", key), make("dd", value)); }
    return list;
  }
  function describe(id, most) {
    const box = document.createDocumentFragment();
    if (edges.has(id)) {
      const one = edges.get(id), told = one.when[year];
      box.append(make("p", nameOf(one.from) + " to " + nameOf(one.to) + ", " + when(), "name"));
      if (!told) { box.append(make("p", "No trade between them in this source for " + when() + ".")); return box; }
      box.append(pairs([["counts for", told.amount + ", " + told.mass], ["exporter", told.export], ["importer", told.import],
        ["claim level", told.said], ["flows", String(told.flows)]]));
      for (const alert of told.alerts.slice(0, most)) box.append(make("p", data.alerts[alert], "said"));
      if (told.alerts.length > most) box.append(make("p", told.alerts.length - most + " more alerts: see `oretrace alerts`.", "hint"));
    } else {
      const node = nodes.get(id), told = node.when[year];
      box.append(make("p", nameOf(id) + (id === MORE ? "" : " (" + id + ")") + ", " + when(), "name"));
      for (const line of told ? told.lines : ["No trade in this view for " + when() + "."]) box.append(make("p", line));
    }
    return box;
  }
  function nameOf(id) {
    const node = nodes.get(id);
    return id === MORE ? (node.when[year] ? node.when[year].areas : 0) + " more" : node.label;
  }
  function fillDetail() {
    detail.replaceChildren();
    const id = chosen || (edges.has(data.focus) ? data.focus : null);
    if (id) detail.append(describe(id, 5));
    else detail.append(make("p", "Point at a node or a line for its numbers; click to keep them here.", "hint"));
  }
  function fillTable() {
    const rows = data.edges.filter((one) => one.when[year]).sort((a, b) => (b.when[year].value || 0) - (a.when[year].value || 0));
    el("rows").replaceChildren(...rows.map((one) => {
      const told = one.when[year], row = make("tr"), from = make("td"), pick = make("button", nameOf(one.from));
      pick.type = "button";
      pick.addEventListener("click", () => choose(one.id, true));
      from.append(pick);
      row.append(from, make("td", nameOf(one.to)), make("td", told.amount), make("td", told.mass), make("td", told.export), make("td", told.import), make("td", told.said));
      return row;
    }));
  }

  function choose(id, scroll) {
    chosen = id;
    if (id && edges.has(id) && edges.get(id).tie) el("ties").checked = true;
    tellTies(); fillDetail(); draw();
    if (id && edges.has(id)) network.selectEdges([id]);
    else if (id) network.selectNodes([id], false);
    else network.unselectAll();
    if (scroll) el("stage").scrollIntoView({ block: "nearest" });
  }
  function whole() {
    const ctx = document.createElement("canvas").getContext("2d");
    ctx.font = (isNarrow() ? 11 : 14) + "px system-ui, sans-serif";
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
    for (const node of data.nodes) {
      if (!shown(node)) continue;
      const told = node.when[year] || { areas: 0 }, place = spot(node), r = radius(node, told);
      const wide = ctx.measureText(caption(node, told) + "  " + sum(node, told)).width + 10;
      const reach = { left: [r + wide, r], right: [r, r + wide], below: [Math.max(r, wide / 2), Math.max(r, wide / 2)] }[place.side];
      left = Math.min(left, place.x - reach[0]); right = Math.max(right, place.x + reach[1]);
      top = Math.min(top, place.y - r); bottom = Math.max(bottom, place.y + r + (place.side === "below" ? 18 : 0));
    }
    const pad = isNarrow() ? 6 : 14, foot = el("undrawn").offsetHeight + 4;
    const zoom = Math.min((stage.clientWidth - 2 * pad) / (right - left), (stage.clientHeight - 2 * pad - foot) / (bottom - top), 1.5);
    network.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 + foot / 2 / zoom }, scale: zoom });
  }
  function setYear(next) {
    year = next;
    el("shown").textContent = when();
    fillDetail(); fillTable(); tellTies(); draw();
    if (!isMoved) whole();
  }
  function tellTies() {
    const many = data.edges.filter((one) => one.tie && one.when[year]).length;
    const hidden = many && !el("ties").checked ? many + (many === 1 ? " link" : " links") + " among the partners: switch on above. " : "";
    el("undrawn").textContent = hidden + (data.undrawn[year] || "");
  }

  function showTip(id, event) {
    tip.replaceChildren(describe(id, 2));
    tip.hidden = false;
    const box = el("stage").getBoundingClientRect(), point = event.pointer ? event.pointer.DOM : { x: 0, y: 0 };
    tip.style.left = Math.max(4, Math.min(point.x + 14, box.width - tip.offsetWidth - 6)) + "px";
    tip.style.top = Math.max(4, point.y + 16 + tip.offsetHeight > box.height ? point.y - tip.offsetHeight - 12 : point.y + 16) + "px";
  }
  const over = (id, event) => { hovered = id; draw(); showTip(id, event); };
  const leave = () => { hovered = null; tip.hidden = true; draw(); };
  network.on("hoverNode", (event) => over(event.node, event));
  network.on("hoverEdge", (event) => over(event.edge, event));
  network.on("blurNode", leave);
  network.on("blurEdge", leave);
  network.on("zoom", () => { isMoved = true; });
  network.on("dragEnd", () => { isMoved = true; });
  network.on("click", (event) => choose(event.nodes[0] || event.edges[0] || null));

  el("year").addEventListener("input", () => { el("all").checked = false; setYear(String(data.years[Number(el("year").value)])); });
  el("all").addEventListener("change", () => setYear(el("all").checked ? "all" : String(data.years[Number(el("year").value)])));
  el("ties").addEventListener("change", () => { tellTies(); draw(); });
  el("whole").addEventListener("click", () => { found = null; el("find").value = ""; choose(null); isMoved = false; whole(); });
  el("controls").addEventListener("submit", (event) => event.preventDefault());
  el("find").addEventListener("input", () => {
    const wanted = el("find").value.trim().toLowerCase();
    const hit = wanted ? data.nodes.find((one) => one.id.toLowerCase() === wanted) || data.nodes.find((one) => one.label.toLowerCase().startsWith(wanted)) || data.nodes.find((one) => one.label.toLowerCase().includes(wanted)) : null;
    found = hit ? hit.id : null;
    if (hit) choose(hit.id); else { chosen = null; fillDetail(); draw(); }
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { found = null; choose(null); } });
  for (const node of data.nodes) if (node.id !== MORE) { const one = make("option"); one.value = node.label; el("names").append(one); }

  let wasNarrow = isNarrow();
  window.addEventListener("resize", () => {
    if (wasNarrow !== isNarrow()) { wasNarrow = isNarrow(); nodeSet.update(data.nodes.map((node) => ({ id: node.id, x: spot(node).x, y: spot(node).y }))); }
    draw(); whole();
  });
  const hasTies = data.edges.some((one) => one.tie);
  el("ties-label").hidden = !hasTies;
  const at = data.years.indexOf(Number(data.open));
  el("year").value = at < 0 ? data.years.length - 1 : at;
  el("all").checked = data.open === "all";
  setYear(data.open);
  const asked = decodeURIComponent(location.hash.slice(1));
  if (nodes.has(asked) || edges.has(asked)) choose(asked);
  document.documentElement.dataset.ready = "yes";
}());
