import {get, may} from '/admin/api.js';
import {alertBox, button, choice, el, field, table, tag, time} from '/admin/dom.js';
import {query} from '/admin/forms.js';
import {called, count} from '/admin/text.js';

const LIMIT = 25;
const ANY = ['', 'any'];

/** What was looked for last, for coming back to the list. In no address: names do not belong into a browser's history. */
const last = new Map();

export const states = user => [
  user.is_active ? tag('active', 'good') : tag('inactive', 'soft'),
  user.is_email_verified ? tag('verified', 'good') : null,
  user.confirmation ? tag(user.confirmation === 'failed' ? 'mail failed' : 'pending', 'warn') : null];

const COLUMNS = [
  {name: 'User', cell: user => el('a', {href: '#/users/' + user.id}, called(user))},
  {name: 'E-mail', cell: user => user.email},
  {name: 'User name', cell: user => user.username},
  {name: 'Group', cell: user => user.group},
  {name: 'State', cell: states},
  {name: 'Last sign-in', cell: user => time(user.last_signin), kind: 'when'},
  {name: 'Created', cell: user => time(user.created_at), kind: 'when'}];

export function users() {
  return list('Users', 'users', {});
}

/** Those who were asked to confirm by mail and have not. */
export function pending() {
  return list('Pending users', 'pending', {pending: true});
}

function list(title, name, fixed) {
  const state = last.get(name) || {q: '', group: '', active: '', email_verified: '', pending: '', sort: '-created_at', after: null, before: null, place: null};
  last.set(name, state);
  const total = el('p', {class: 'lead', role: 'status'}, 'Reading…');
  const place = el('div', {});
  const controls = {
    q: el('input', {type: 'search', value: state.q, autocomplete: 'off', spellcheck: 'false', maxlength: '256'}),
    group: el('input', {value: state.group, autocomplete: 'off', maxlength: '256'}),
    active: choice([ANY, ['true', 'active'], ['false', 'inactive']], state.active),
    email_verified: choice([ANY, ['true', 'verified'], ['false', 'not verified']], state.email_verified),
    pending: choice([ANY, ['true', 'pending'], ['false', 'not pending']], state.pending),
    sort: choice([['-created_at', 'newest first'], ['created_at', 'oldest first'], ['username', 'user name'], ['email', 'e-mail'],
      ['last_signin', 'last sign-in']], state.sort)};
  const labels = {q: 'Name or e-mail begins with', group: 'Group', active: 'Activity', email_verified: 'E-mail', pending: 'Confirmation', sort: 'Order'};
  const shown = Object.keys(controls).filter(each => !(each in fixed));
  let asked = 0;

  async function load() {
    const mine = ++asked;
    const {after, before, ...filters} = state;
    place.classList.add('busy');
    try {
      const page = await get('/1/users' + query({...filters, ...fixed, limit: LIMIT, after, before}));
      if (mine === asked) show(page);
    } catch (error) {
      if (mine !== asked || error.isOver) return;
      if (error.faults.some(fault => ['after', 'before', 'place'].includes(fault.field))) {
        // The user at the page's edge is gone: begin at the front.
        turn(null, null, null);
        return;
      }
      total.textContent = '';
      place.replaceChildren(alertBox(error, load));
    } finally {
      if (mine === asked) place.classList.remove('busy');
    }
  }

  function show({paging, data}) {
    total.textContent = paging.total_count === 1 ? '1 user' : `${count(paging.total_count)} users`;
    if (!data.length) {
      place.replaceChildren(el('p', {class: 'empty'}, fixed.pending ? 'Nobody is pending.' : 'No user is like this.'));
      return;
    }
    // The links tell whether there is such a page; the cursors alone do not.
    const previous = button('Previous', () => turn(null, paging.before, placeOf(paging.previous)));
    const next = button('Next', () => turn(paging.after, null, placeOf(paging.next)));
    previous.disabled = !paging.previous;
    next.disabled = !paging.next;
    place.replaceChildren(table(title, COLUMNS, data), el('div', {class: 'pager'}, previous, next));
  }

  // Where the user at the page's edge stands, in orders in which that changes.
  function placeOf(link) {
    return new URL(link).searchParams.get('place');
  }

  function turn(after, before, edge) {
    Object.assign(state, {after, before, place: edge});
    load().then(() => place.scrollIntoView({block: 'nearest'}));
  }

  let timer;
  function changed() {
    clearTimeout(timer);
    shown.forEach(each => { state[each] = controls[each].value; });
    turn(null, null, null);
  }
  shown.forEach(each => controls[each].addEventListener(controls[each].tagName === 'SELECT' ? 'change' : 'input', () => {
    clearTimeout(timer);
    timer = setTimeout(changed, controls[each].tagName === 'SELECT' ? 0 : 250);
  }));
  const filters = el('form', {class: 'filters', role: 'search', 'aria-label': 'Filters', on: {submit: event => { event.preventDefault(); changed(); }}},
    shown.map(each => field(labels[each], controls[each])));
  load();
  return el('div', {}, el('div', {class: 'head'}, el('h1', {tabindex: '-1'}, title),
    may('users:write') && !fixed.pending ? el('a', {class: 'button main', href: '#/new'}, 'Create a user') : null), total, filters, place);
}
