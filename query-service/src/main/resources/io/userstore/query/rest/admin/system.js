import {get} from '/admin/api.js';
import {alertBox, el, tag, time} from '/admin/dom.js';
import {count, duration} from '/admin/text.js';

const EVERY = 3000;
const STATES = {caught_up: ['up to date', 'good'], catching_up: ['catching up', 'warn'], ahead: ['ahead of the log', 'bad']};

/** How far the views are; looked at again while it is on the screen. */
export function system() {
  const place = el('div', {}, el('p', {class: 'soft', role: 'status'}, 'Reading…'));
  const seen = el('p', {class: 'lead'});
  const cards = new Map();

  async function load() {
    try {
      const {data} = await get('/1/projections');
      if (!cards.size) place.replaceChildren();
      place.querySelector('.alert')?.remove();
      data.forEach(show);
      seen.replaceChildren('As of ', time(new Date().toISOString()));
    } catch (error) {
      if (error.isOver) return;
      cards.clear();
      place.replaceChildren(alertBox(error));
    }
  }

  /** The same card is filled again: what is read or selected stays. */
  function show(projection) {
    const card = cards.get(projection.name) || el('section', {class: 'card', 'aria-label': projection.name});
    if (!cards.has(projection.name)) {
      cards.set(projection.name, card);
      place.append(card);
    }
    const [state, kind] = projection.lag_events > 0 && projection.state === 'caught_up'
      ? ['behind', 'warn'] : STATES[projection.state] || [projection.state, 'soft'];
    const fact = (name, value) => [el('dt', {}, name), el('dd', {}, value)];
    const all = projection.applied + projection.lag_events;
    card.replaceChildren(el('div', {class: 'row spread'}, el('h2', {}, projection.name), tag(state, kind)),
      el('progress', {max: Math.max(1, all), value: all ? projection.applied : 1, 'aria-label': `${projection.name}: applied of the log`}),
      el('dl', {class: 'facts'}, fact('Events applied', count(projection.applied)), fact('Events behind', count(projection.lag_events)),
        fact('Behind by', duration(projection.lag_seconds)), fact('Version', String(projection.version))),
      projection.rebuild ? rebuild(projection) : '');
  }

  function rebuild({name, rebuild: {state, done, total, rate, eta_seconds: eta}}) {
    return el('div', {}, el('p', {}, el('strong', {}, `Rebuild: ${String(state).replaceAll('_', ' ')}`)),
      el('progress', {max: Math.max(1, total), value: done, 'aria-label': `${name}: rebuilt`}),
      el('p', {class: 'soft'}, `${count(done)} of ${count(total)} events, ${count(rate)} a second, ${duration(eta)} to go`));
  }

  const view = el('div', {}, el('h1', {tabindex: '-1'}, 'System'), seen, place);
  async function again() {
    if (!document.hidden) await load();
    setTimeout(() => view.isConnected && again(), EVERY);
  }
  again();
  return view;
}
