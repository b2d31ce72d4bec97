import {get} from '/admin/api.js';
import {alertBox, choice, el, field, table} from '/admin/dom.js';
import {chart} from '/admin/chart.js';
import {query} from '/admin/forms.js';
import {count} from '/admin/text.js';

const SERIES = {joins: 'Joins', logins: 'Logins', unique_logins: 'Users who signed in', failed_logins: 'Failed logins', deletions: 'Deletions'};
const TOTALS = {users: 'Users', active: 'Active', verified: 'Verified', pending: 'Pending'};
const DAY = 86_400_000;

/** Intervals are of UTC, and so are their names. */
function dated(interval) {
  const options = interval === 'hour' ? {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'}
    : interval === 'month' ? {month: 'short', year: 'numeric'} : {day: 'numeric', month: 'short'};
  return time => new Date(time).toLocaleString(undefined, {...options, timeZone: 'UTC'});
}

const date = time => new Date(time).toISOString().slice(0, 10);
const number = field => ({cell: row => count(row[field]), kind: 'number'});

export function statistics() {
  const interval = choice([['hour', 'hour'], ['day', 'day'], ['week', 'week'], ['month', 'month']], 'day');
  const from = el('input', {type: 'date', value: date(Date.now() - 29 * DAY)});
  const to = el('input', {type: 'date', value: date(Date.now())});
  const fields = {interval: field('Interval', interval), from: field('From (UTC)', from), to: field('To, included', to)};
  const place = el('div', {}, el('p', {class: 'soft', role: 'status'}, 'Reading…'));
  const groups = el('div', {});
  let asked = 0;

  async function load() {
    const mine = ++asked;
    Object.values(fields).forEach(each => each.tell(''));
    if (!from.value || !to.value) {
      fields[from.value ? 'to' : 'from'].tell('a date is missing');
      return;
    }
    place.classList.add('busy');
    try {
      const read = await get('/1/stats' + query({interval: interval.value, from: from.value, to: date(Date.parse(to.value) + DAY)}));
      if (mine === asked) show(read);
    } catch (error) {
      if (mine !== asked || error.isOver) return;
      const placed = error.faults.filter(fault => fields[fault.field]);
      placed.forEach(fault => fields[fault.field].tell(fault.message));
      if (!placed.length) place.replaceChildren(alertBox(error, load));
    } finally {
      if (mine === asked) place.classList.remove('busy');
    }
  }

  function show({totals, series, interval: step}) {
    const name = dated(step);
    // Whoever has the table open wants it for the next range too.
    const open = place.querySelector('details')?.open;
    place.replaceChildren(
      el('dl', {class: 'totals'}, Object.entries(TOTALS).map(([key, text]) => el('div', {}, el('dt', {}, text), el('dd', {}, count(totals[key]))))),
      el('div', {class: 'charts'}, Object.entries(SERIES).map(([key, text]) => chart(key, text, series, name))),
      el('details', {open}, el('summary', {}, 'The same as a table'), table('Per ' + step + ', UTC',
        [{name: 'From', cell: point => name(point.time)}, ...Object.entries(SERIES).map(([key, text]) => ({name: text, ...number(key)}))], series)));
  }

  /** Not every service of this version tells groups; one that does not has no such table. */
  async function loadGroups() {
    try {
      const {data} = await get('/1/stats/groups');
      groups.replaceChildren(el('h2', {}, 'Groups'), data.length ? table('Users by group',
        [{name: 'Group', cell: row => row.group || '–'}, ...Object.entries(TOTALS).map(([key, text]) => ({name: text, ...number(key)}))], data)
        : el('p', {class: 'soft'}, 'No user has a group.'));
    } catch (error) {
      if (!error.isOver && error.status !== 404) groups.replaceChildren(el('h2', {}, 'Groups'), alertBox(error, loadGroups));
    }
  }

  [interval, from, to].forEach(each => each.addEventListener('change', load));
  load();
  loadGroups();
  return el('div', {}, el('h1', {tabindex: '-1'}, 'Statistics'),
    el('form', {class: 'filters', 'aria-label': 'Range', on: {submit: event => { event.preventDefault(); load(); }}}, Object.values(fields)), place, groups);
}
