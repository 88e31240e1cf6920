"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const el = (id) => document.getElementById(id);
  const root = document.documentElement, stage = el("stage"), tip = el("tip"), drawn = el("drawn");
  const style = getComputedStyle(root);
  const colour = (name) => style.getPropertyValue(name).trim();
  let map = null, chosen = null;

  /* Outlines are read from the picture: numbers relative to the one before, hundredths of a degree, y to the south. */
  function ground() {
    const features = [];
    for (const path of document.querySelectorAll("#land path")) {
      const polygons = [];
      let turn = 0;
      for (const part of path.getAttribute("d").split("z")) {
        const numbers = (part.match(/-?\d+/g) || []).map(Number), ring = [];
        if (numbers.length < 6) continue;
        let x = 0, y = 0, area = 0;
        for (let at = 0; at < numbers.length; at += 2) {
          const before = [x, y];
          x += numbers[at]; y += numbers[at + 1];
          if (at) area += before[0] * y - x * before[1];
          ring.push([x / 100, -y / 100]);
        }
        area += x * numbers[1] - numbers[0] * y;
        ring.push(ring[0]);
        turn = turn || Math.sign(area);
        if (Math.sign(area) === turn) polygons.push([ring]); else polygons[polygons.length - 1].push(ring);
      }
      features.push({ type: "Feature", properties: { declared: path.classList.contains("declared") }, geometry: { type: "MultiPolygon", coordinates: polygons } });
    }
    return { type: "FeatureCollection", features };
  }

  function lines() {
    const features = data.lines.map((one) => ({
      type: "Feature", geometry: { type: "LineString", coordinates: one.points },
      properties: { colour: one.colour, certainty: one.certainty, width: one.isFirst ? 3.2 : 2, order: one.isFirst ? 1 : 0, row: one.row, said: one.said },
    }));
    return { type: "FeatureCollection", features };
  }

  function layers() {
    const round = { "line-join": "round", "line-sort-key": ["get", "order"] };
    const line = (id, filter, paint) => ({ id, type: "line", source: "lines", layout: round, filter, paint });
    const every = ["has", "row"];
    return [
      { id: "sea", type: "background", paint: { "background-color": colour("--sea") } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ["case", ["get", "declared"], colour("--tint"), colour("--land")], "fill-antialias": false } },
      { id: "borders", type: "line", source: "land", paint: { "line-color": colour("--border"), "line-width": .7 } },
      line("halo", every, { "line-color": "#fff", "line-opacity": .85, "line-width": ["+", ["get", "width"], 2.4] }),
      line("chosen", ["==", ["get", "row"], -1], { "line-color": "#ffd24a", "line-width": ["+", ["get", "width"], 7] }),
      ...Object.entries(data.dashes).map(([name, dashes]) => line("line-" + name, ["==", ["get", "certainty"], name],
        { "line-color": ["get", "colour"], "line-width": ["get", "width"], ...(dashes.length ? { "line-dasharray": dashes } : {}) })),
      line("reach", every, { "line-color": "#000", "line-opacity": 0, "line-width": 14 }),
    ];
  }

  function pin(mark) {
    const node = document.createElement("div");
    node.className = "pin " + mark.kind;
    node.title = mark.said;
    const label = document.createElement("span");
    label.textContent = mark.label;
    node.append(label);
    return new maplibregl.Marker({ element: node }).setLngLat(mark.point).addTo(map);
  }

  /* Labels stand where they hide no mark and no other label; the first marks come first, and one without room waits. */
  function label() {
    const frame = stage.getBoundingClientRect(), nodes = [...document.querySelectorAll(".pin")].reverse();
    const meets = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
    const isInside = (box) => box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
    const taken = nodes.map((node) => node.getBoundingClientRect());
    nodes.forEach((node, at) => {
      const text = node.firstChild, own = taken[at];
      text.hidden = at >= 300;
      if (text.hidden) return;
      for (const side of ["right", "left", "below", "above"]) {
        text.className = side;
        const box = text.getBoundingClientRect();
        if (isInside(box) && !taken.some((one) => one !== own && meets(one, box))) { taken.push(box); return; }
      }
      text.hidden = true;
    });
  }

  const bounds = ([west, south, east, north]) => [[west, south], [east, north]];
  function boundsOf(points) {
    const lons = points.map((one) => one[0]), lats = points.map((one) => one[1]);
    return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
  }

  /* A row of the table and its line are one thing. */
  function choose(row, isFollowed) {
    chosen = row;
    for (const one of document.querySelectorAll("tr[data-row]")) one.classList.toggle("chosen", Number(one.dataset.row) === row);
    for (const one of drawn.querySelectorAll(".line")) one.classList.toggle("chosen", Number(one.dataset.row) === row);
    if (!map) return;
    map.setFilter("chosen", ["==", ["get", "row"], row === null ? -1 : row]);
    const mine = data.lines.filter((one) => one.row === row);
    if (isFollowed && mine.length) map.fitBounds(boundsOf(mine.flatMap((one) => one.points)), { padding: 60, maxZoom: 9, duration: 400 });
  }

  function say(text, x, y) {
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    tip.style.left = Math.max(4, Math.min(x + 14, stage.clientWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = Math.max(4, Math.min(y + 14, stage.clientHeight - tip.offsetHeight - 8)) + "px";
  }

  function done(kind) {
    root.dataset.map = kind;
    root.dataset.ready = "yes";
  }

  function plain(why) {
    if (root.dataset.ready) return;
    root.dataset.why = why;
    if (map) { const lost = map; map = null; try { lost.remove(); } catch (error) { /* it never began */ } }
    done("svg");
  }

  function begin() {
    const probe = document.createElement("canvas");
    if (!window.maplibregl || !probe.getContext("webgl2")) return plain("no WebGL");
    try {
      map = new maplibregl.Map({
        container: "gl", bounds: bounds(data.window), fitBoundsOptions: { padding: 10 }, attributionControl: false, fadeDuration: 0,
        dragRotate: false, touchPitch: false, pitchWithRotate: false, maxZoom: 11, cooperativeGestures: false,
        style: { version: 8, sources: { land: { type: "geojson", data: ground(), tolerance: .2 }, lines: { type: "geojson", data: lines(), tolerance: .2 } }, layers: layers() },
      });
      map.touchZoomRotate.disableRotation();
      map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
      for (const mark of data.marks.slice().reverse()) pin(mark);
    } catch (error) {
      return plain(error.message);
    }
    map.on("error", (event) => plain(event.error ? event.error.message : "error"));
    map.on("moveend", label);
    map.on("resize", label);
    map.once("idle", () => { if (map) { label(); done("gl"); } });
    let waiting = 0;
    const wait = () => { clearTimeout(waiting); waiting = setTimeout(() => plain("no picture"), 20000); };
    map.on("data", wait);
    map.on("render", wait);
    wait();
    map.on("mousemove", (event) => {
      const hit = map.getLayer("reach") ? map.queryRenderedFeatures(event.point, { layers: ["reach"] })[0] : null;
      map.getCanvas().style.cursor = hit ? "pointer" : "";
      say(hit ? hit.properties.said : "", event.point.x, event.point.y);
    });
    map.on("mouseout", () => say(""));
    map.on("click", (event) => {
      const hit = map.queryRenderedFeatures(event.point, { layers: ["reach"] })[0];
      choose(hit ? hit.properties.row : null, false);
    });
  }

  drawn.addEventListener("mousemove", (event) => {
    const text = event.target.closest("polyline.line, circle");
    const frame = stage.getBoundingClientRect();
    say(text && text.querySelector("desc") ? text.querySelector("desc").textContent : "", event.clientX - frame.left, event.clientY - frame.top);
  });
  drawn.addEventListener("mouseleave", () => say(""));
  drawn.addEventListener("click", (event) => {
    const hit = event.target.closest("polyline.line");
    choose(hit ? Number(hit.dataset.row) : null, false);
  });
  document.querySelector("tbody").addEventListener("click", (event) => {
    const row = event.target.closest("button") ? Number(event.target.closest("tr").dataset.row) : null;
    if (row !== null) choose(row === chosen ? null : row, true);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") choose(null, false); });
  el("whole").addEventListener("click", () => { if (map) map.fitBounds(bounds(data.window), { padding: 10 }); });
  begin();
}());
