import {el, svg} from '/admin/dom.js';
import {count} from '/admin/text.js';

const WIDTH = 640;
const HEIGHT = 190;
const LEFT = 52;
const BOTTOM = 24;
const TOP = 8;

/** The least number of 1, 2, 5 times a power of ten that is not below: where an axis may end. */
export function axisEnd(most) {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= most);
}

/** Bars of one counter over time. The table beside the charts tells the same to those who cannot see them. */
export function chart(name, label, points, dated) {
  const end = axisEnd(Math.max(0, ...points.map(point => point[name])));
  const inner = WIDTH - LEFT;
  const step = inner / points.length;
  const high = value => (HEIGHT - TOP - BOTTOM) * value / end;
  const lines = [...new Set([0, end >= 2 ? Math.round(end / 2) : 0, end])];
  const sum = points.reduce((all, point) => all + point[name], 0);
  const every = Math.max(1, Math.ceil(points.length / 6));
  return el('figure', {}, el('figcaption', {}, el('span', {}, label), el('span', {class: 'soft'}, count(sum))),
    svg('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${label}: ${sum} in ${points.length} intervals, at most ${Math.max(0, ...points.map(point => point[name]))} in one`},
      lines.map(value => [
        svg('line', {class: 'grid', x1: LEFT, x2: WIDTH, y1: HEIGHT - BOTTOM - high(value), y2: HEIGHT - BOTTOM - high(value)}),
        svg('text', {x: LEFT - 8, y: HEIGHT - BOTTOM - high(value) + 4, 'text-anchor': 'end'}, count(value))]),
      points.map((point, index) => [
        index % every === 0 && LEFT + step * index < WIDTH - 60 ? svg('text', {x: LEFT + step * index, y: HEIGHT - 6}, dated(point.time)) : null,
        point[name] ? svg('rect', {class: 'bar ' + name, x: LEFT + step * index + step * .1, width: Math.max(.5, step * .8), rx: Math.min(2, step * .2),
          y: HEIGHT - BOTTOM - high(point[name]), height: high(point[name])},
        svg('title', {}, `${dated(point.time)}: ${count(point[name])}`)) : null])));
}
