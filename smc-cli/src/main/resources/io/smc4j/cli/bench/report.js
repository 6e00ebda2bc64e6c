'use strict';
// Draws what the JSON of the page holds. Each chart is drawn for the width that it has, so that its letters stay as large as the text around.
const data = JSON.parse(document.getElementById('data').textContent);
const names = data.sides.map(s => s.side);
const drawn = new Set();

const el = (tag, attributes, text) => {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [k, v] of Object.entries(attributes || {})) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  return e;
};
const digits = n => n < 10 ? n.toFixed(2) : n < 100 ? n.toFixed(1) : n.toFixed(0);
const time = ns => ns < 1e6 ? digits(ns / 1e3) + ' us' : ns < 1e9 ? digits(ns / 1e6) + ' ms' : digits(ns / 1e9) + ' s';
const tick = ns => ns < 1e3 ? ns + ' ns' : ns < 1e6 ? ns / 1e3 + ' us' : ns < 1e9 ? ns / 1e6 + ' ms' : ns / 1e9 + ' s';
const rate = n => Math.round(n).toLocaleString('en');
const short = n => n >= 1e6 ? n / 1e6 + 'M' : n >= 1e3 ? n / 1e3 + 'k' : String(n);
const linear = (a, b, from, to) => Object.assign(v => from + (v - a) / (b - a || 1) * (to - from), { back: p => a + (p - from) / (to - from || 1) * (b - a) });
const log = (a, b, from, to) => {
  const l = linear(Math.log10(a), Math.log10(b), from, to);
  return Object.assign(v => l(Math.log10(v)), { back: p => 10 ** l.back(p) });
};
// Steps of 1, 2 or 5 with at most so many lines.
const steps = (max, lines) => {
  const raw = max / lines, p = 10 ** Math.floor(Math.log10(raw || 1));
  const step = [1, 2, 5, 10].map(m => m * p).find(s => s >= raw);
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => +(i * step).toPrecision(12));
};
const powersThatFit = (a, b, room) => {
  const whole = Array.from({ length: 16 }, (_, i) => i - 2);
  const choices = [[1, 2, 5], [1, 3], [1]].map(ms => whole.flatMap(p => ms.map(m => +(m * 10 ** p).toPrecision(3))).filter(v => v >= a * .999 && v <= b * 1.001));
  return choices.find(c => c.length <= room) || choices[2].filter((_, i) => i % Math.ceil(choices[2].length / room) === 0);
};

// A drawing with axes. x and y: {ticks, text, scale}; layers draw into it.
function frame(box, height, label, left, make) {
  const draw = () => {
    const width = box.clientWidth;
    if (!width) return;
    box.querySelector('svg')?.remove();
    const area = { left, right: width - 10, top: 14, bottom: height - 26 };
    const svg = el('svg', { height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
    make(svg, area);
    box.prepend(svg);
    drawn.add(box.id);
    document.documentElement.dataset.drawn = [...drawn].sort().join(' ');
  };
  new ResizeObserver(draw).observe(box);
  draw();
}
function axes(svg, a, x, y) {
  for (const t of y.ticks) {
    svg.append(el('line', { class: 'grid', x1: a.left, x2: a.right, y1: y.scale(t), y2: y.scale(t) }));
    svg.append(el('text', { x: a.left - 6, y: y.scale(t) + 4, 'text-anchor': 'end' }, y.text(t)));
  }
  svg.append(el('line', { class: 'axis', x1: a.left, x2: a.right, y1: a.bottom, y2: a.bottom }));
  for (const t of x.ticks) {
    const at = x.scale(t);
    svg.append(el('line', { class: 'axis', x1: at, x2: at, y1: a.bottom, y2: a.bottom + 4 }));
    svg.append(el('text', { x: at, y: a.bottom + 18, 'text-anchor': at > a.right - 14 ? 'end' : at < a.left + 10 ? 'start' : 'middle' }, x.text(t)));
  }
}
// A line that follows the pointer, and what is read there.
function hover(box, svg, a, read) {
  const hair = el('line', { class: 'hair', y1: a.top, y2: a.bottom });
  const tip = box.querySelector('.tip') || box.appendChild(Object.assign(document.createElement('div'), { className: 'tip' }));
  tip.style.visibility = 'hidden';
  svg.append(hair);
  const hide = () => { hair.style.visibility = tip.style.visibility = 'hidden'; };
  svg.addEventListener('pointerleave', hide);
  svg.addEventListener('pointermove', e => {
    const at = e.clientX - svg.getBoundingClientRect().left;
    if (at < a.left || at > a.right) return hide();
    hair.setAttribute('x1', at);
    hair.setAttribute('x2', at);
    tip.innerText = read(at).join('\n');
    tip.style.left = Math.max(0, Math.min(at + 10, box.clientWidth - tip.offsetWidth)) + 'px';
    hair.style.visibility = tip.style.visibility = 'visible';
  });
}
const path = points => points.map((p, i) => (i ? 'L' : 'M') + p[0].toFixed(1) + ' ' + p[1].toFixed(1)).join('');
const medianOf = (s, name) => s.figures.find(f => f.name === name).median;

// How many answers had which latency.
function histogram(box) {
  const sides = data.sides.map(s => {
    const total = s.distribution.buckets.reduce((n, b) => n + b.answers, 0);
    return { name: s.side, total, buckets: s.distribution.buckets.map(b => ({ ...b, share: 100 * b.answers / total })) };
  });
  const all = sides.flatMap(s => s.buckets), seen = all.filter(b => b.share >= .05);
  const from = Math.min(...seen.map(b => b.from)), to = Math.max(...seen.map(b => b.to));
  const top = Math.max(...all.map(b => b.share)) * 1.08;
  const beyond = sides.map(s => `${s.name} ${(s.buckets.filter(b => b.from >= to * .999).reduce((n, b) => n + b.share, 0)).toFixed(2)} %`).join(', ');
  document.getElementById('histogram-caption').textContent = `Share of answers by latency, all rounds. Slower than the right edge: ${beyond}.`;
  const label = 'Histogram of latencies. ' + data.sides.map(s => `${s.side}: half within ${time(medianOf(s, 'P50'))}, 99 % within ${time(medianOf(s, 'P99'))}`).join('; ');
  frame(box, 280, label, 40, (svg, a) => {
    const x = log(from, to, a.left, a.right), y = linear(0, top, a.bottom, a.top);
    axes(svg, a, { ticks: powersThatFit(from, to, (a.right - a.left) / 58), text: tick, scale: x }, { ticks: steps(top, 5), text: t => t + ' %', scale: y });
    for (const s of sides) {
      const points = [];
      for (const b of s.buckets.filter(b => b.to > from * 1.001 && b.from < to * .999)) points.push([x(b.from), y(b.share)], [x(b.to), y(b.share)]);
      if (!points.length) continue;
      const outline = [[points[0][0], y(0)], ...points, [points.at(-1)[0], y(0)]];
      svg.append(el('path', { class: 'area ' + s.name, d: path(outline) + 'Z' }), el('path', { class: 'line step ' + s.name, d: path(outline), 'data-buckets': points.length / 2 }));
    }
    hover(box, svg, a, at => {
      const v = x.back(at), b = all.find(b => b.from <= v && v < b.to);
      return b ? [`${time(b.from)} to ${time(b.to)}`, ...sides.map(s => `${s.name}  ${(s.buckets.find(o => Math.abs(o.from / b.from - 1) < 1e-6)?.share || 0).toFixed(2)} %`)] : [time(v)];
    });
  });
}

// Latency at each percentile; each nine takes the same room.
function percentiles(box) {
  const nines = p => -Math.log10(1 - p / 100);
  const sides = data.sides.map(s => ({ name: s.side, points: s.distribution.percentiles }));
  const most = Math.max(...sides.map(s => nines(s.points.at(-1).percentile)));
  const every = sides.flatMap(s => s.points.filter(p => p.percentile >= 10).map(p => p.nanos));
  const low = Math.min(...every) / 1.15, high = Math.max(...every) * 1.1;
  const label = 'Latency by percentile. ' + data.sides.map(s => s.side + ': ' + s.figures.slice(1).map(f => f.name + ' ' + time(f.median)).join(', ')).join('; ');
  frame(box, 280, label, 58, (svg, a) => {
    const x = linear(0, most, a.left, a.right), y = log(low, high, a.bottom, a.top);
    const at = [0];
    for (const p of [50, 90, 99, 99.9, 99.99, 99.999, 99.9999].filter(p => nines(p) <= most)) if (x(nines(p)) - x(nines(at.at(-1))) > 22 + 5 * String(p).length) at.push(p);
    axes(svg, a, { ticks: at, text: p => (p === 0 ? '0' : 'P' + p), scale: p => x(nines(p)) }, { ticks: powersThatFit(low, high, 7), text: tick, scale: y });
    for (const s of sides) {
      const points = s.points.map(p => [x(nines(p.percentile)), Math.min(a.bottom, y(Math.max(low, p.nanos)))]);
      svg.append(el('path', { class: 'line ' + s.name, d: path(points), 'data-points': points.length }));
    }
    hover(box, svg, a, px => {
      const n = x.back(px), value = s => s.points.reduce((best, p) => Math.abs(nines(p.percentile) - n) < Math.abs(nines(best.percentile) - n) ? p : best);
      return ['P' + +(100 * (1 - 10 ** -n)).toPrecision(5), ...sides.map(s => `${s.name}  ${time(value(s).nanos)}`)];
    });
  });
}

// Answers each second over the time of a round, a line for each round.
function timeline(box) {
  const points = data.sides.flatMap(s => s.rounds.flatMap(r => r.timeline));
  const end = Math.max(...points.map(p => p.seconds)), asked = data.plan.closedLoop ? 0 : data.plan.qps;
  const most = Math.max(...points.map(p => p.qps)), near = asked && asked < most * 3;
  const top = Math.max(most, near ? asked : 0) * 1.1;
  if (asked) document.getElementById('timeline-caption').textContent += near ? ` Dotted: what was asked for, ${rate(asked)}/s.` : ` Asked for: ${rate(asked)}/s, far above this scale.`;
  const label = 'Answers each second over time. ' + data.sides.map(s => `${s.side}: ${rate(medianOf(s, 'QPS'))} each second`).join('; ');
  frame(box, 240, label, 46, (svg, a) => {
    const x = linear(0, end, a.left, a.right), y = linear(0, top, a.bottom, a.top);
    axes(svg, a, { ticks: steps(end, Math.max(3, (a.right - a.left) / 80)), text: t => t + ' s', scale: x }, { ticks: steps(top, 5), text: short, scale: y });
    for (const s of data.sides) for (const r of s.rounds) svg.append(el('path', { class: 'line thin ' + s.side, d: path(r.timeline.map(p => [x(p.seconds), y(p.qps)])), 'data-points': r.timeline.length }));
    if (near) svg.append(el('line', { class: 'mark', x1: a.left, x2: a.right, y1: y(asked), y2: y(asked) }));
    hover(box, svg, a, px => {
      const t = x.back(px);
      const then = s => s.rounds.map(r => (r.timeline.find(p => p.seconds >= t) || r.timeline.at(-1))?.qps || 0).sort((p, q) => p - q);
      return [t.toFixed(1) + ' s', ...data.sides.map(s => s.side + '  ' + rate(then(s)[s.rounds.length >> 1]) + (s.rounds.length > 1 ? ` (${rate(then(s)[0])} to ${rate(then(s).at(-1))})` : ''))];
    });
  });
}

// The ratio of each figure with its spread, on a scale where twice and half are as far from 1.
function ratios(box) {
  const rows = data.comparison.ratios, clamp = v => Math.max(.02, Math.min(50, v));
  const low = Math.min(.8, ...rows.map(r => clamp(r.low))) / 1.05, high = Math.max(1.25, ...rows.map(r => clamp(r.high))) * 1.05;
  const label = `Ratios of ${data.comparison.other} to ${data.comparison.base}: ` + rows.map(r => `${r.name} ${r.ratio.toFixed(3)}, ${r.low.toFixed(3)} to ${r.high.toFixed(3)}`).join('; ');
  const height = 40 + rows.length * 34;
  frame(box, height, label, 58, (svg, a) => {
    const x = log(low, high, a.left, a.right);
    const ticks = [.02, .05, .1, .2, .5, .6, .7, .8, .9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50].filter(t => t >= low && t <= high);
    const shown = [1];
    for (const t of ticks.sort((p, q) => Math.abs(Math.log(q)) - Math.abs(Math.log(p)))) if (shown.every(s => Math.abs(x(s) - x(t)) > 42)) shown.push(t);
    axes(svg, a, { ticks: shown, text: t => t + '×', scale: x }, { ticks: [], text: String, scale: x });
    svg.append(el('line', { class: 'mark', x1: x(1), x2: x(1), y1: a.top - 10, y2: a.bottom }));
    rows.forEach((r, i) => {
      const y = a.top + 14 + i * 34, g = el('g', { class: data.comparison.other + (r.shown ? '' : ' none') });
      g.append(el('text', { class: 'strong', x: a.left - 10, y: y + 4, 'text-anchor': 'end' }, r.name));
      g.append(el('line', { class: 'whisker', x1: x(clamp(r.low)), x2: x(clamp(r.high)), y1: y, y2: y }));
      g.append(el('circle', { class: 'dot', cx: x(clamp(r.ratio)), cy: y, r: 6, 'data-ratio': r.ratio }));
      svg.append(g);
    });
  });
}

// Each connection by what the kernel said of it.
function connections(box) {
  for (const s of data.sides) {
    const h = box.appendChild(document.createElement('h3'));
    h.textContent = s.side;
    for (const r of s.rounds) {
      const said = Object.entries(r.modes.counts).map(([m, n]) => n + ' ' + m).join(', ');
      const p = box.appendChild(document.createElement('div'));
      p.className = 'round';
      p.textContent = `round ${r.number}: ${said}`;
      const row = box.appendChild(document.createElement('div'));
      row.className = 'boxes';
      row.setAttribute('aria-hidden', 'true');
      for (const m of r.modes.connections) {
        const i = row.appendChild(document.createElement('i'));
        i.className = m === 'TCP' ? 'tcp' : m.startsWith('SMC') ? 'smc' : 's-other';
        i.title = m;
      }
      for (const [why, n] of Object.entries(r.modes.reasons)) {
        const q = box.appendChild(document.createElement('div'));
        q.className = 'round';
        q.textContent = `${n}: ${why}`;
      }
    }
  }
  drawn.add(box.id);
}

for (const draw of [connections, ratios, histogram, percentiles, timeline]) {
  const box = document.getElementById(draw.name);
  if (box) draw(box);
}
document.documentElement.dataset.drawn = [...drawn].sort().join(' ');
