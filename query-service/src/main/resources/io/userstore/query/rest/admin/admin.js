import {logIn, logOut, may, me, resume, watch} from '/admin/api.js';
import {alertBox, button, el, field, form} from '/admin/dom.js';
import {application, applications} from '/admin/applications.js';
import {statistics} from '/admin/statistics.js';
import {system} from '/admin/system.js';
import {create, user} from '/admin/user.js';
import {pending, users} from '/admin/users.js';

const main = document.getElementById('content');
const bar = document.getElementById('bar');
const nav = document.getElementById('views');
const menu = document.getElementById('menu');

/** The views: what the address says, what is needed to see it, and its name in the menu. */
const VIEWS = [
  {at: /^\/users$/, href: '#/users', name: 'Users', allowed: () => may('users:read'), show: users},
  {at: /^\/pending$/, href: '#/pending', name: 'Pending', allowed: () => may('users:read'), show: pending},
  {at: /^\/new$/, under: '#/users', allowed: () => may('users:write') && may('users:read'), show: create},
  {at: /^\/users\/([0-9a-f-]{36})$/, under: '#/users', allowed: () => may('users:read'), show: user},
  {at: /^\/statistics$/, href: '#/statistics', name: 'Statistics', allowed: () => may('stats:read'), show: statistics},
  {at: /^\/applications$/, href: '#/applications', name: 'Applications', allowed: () => may('admin'), show: applications},
  {at: /^\/applications\/([a-z0-9-]{1,63})$/, under: '#/applications', allowed: () => may('admin'), show: application},
  {at: /^\/system$/, href: '#/system', name: 'System', allowed: () => may('admin') && me().application === 'default', show: system}];

function logInPage(reason) {
  document.body.classList.remove('inside');
  document.querySelectorAll('dialog').forEach(dialog => dialog.remove());
  bar.hidden = true;
  document.title = 'Log in – userstore administration';
  const key = field('API key', el('input', {type: 'password', autocomplete: 'off', spellcheck: 'false'}),
    'It stays in this tab until you log out, close the tab, or leave it unused for 30 minutes.');
  main.replaceChildren(el('div', {class: 'card login'}, el('h1', {tabindex: '-1'}, 'userstore administration'),
    reason ? el('p', {role: 'status'}, reason) : null,
    form({key}, key, 'Log in', async () => {
      const text = key.control.value.trim();
      if (!/^[\x21-\x7e]+$/.test(text)) {
        key.tell(text ? 'not a key' : 'a key is needed');
        key.control.focus();
        return;
      }
      await logIn(text);
      key.control.value = '';
      inside();
    })));
  key.control.focus();
}

function inside() {
  document.body.classList.add('inside');
  bar.hidden = false;
  document.getElementById('application').textContent = me().application;
  nav.replaceChildren(...VIEWS.filter(view => view.name && view.allowed()).map(view => el('a', {href: view.href}, view.name)),
    button('Log out', () => logOut()));
  route();
}

function route() {
  if (!me()) return;
  document.querySelectorAll('dialog').forEach(dialog => dialog.close());
  const open = VIEWS.filter(view => view.allowed());
  const path = location.hash.slice(1);
  const view = open.find(each => each.at.test(path));
  if (!view) {
    if (open.length) location.replace(open[0].href);
    else main.replaceChildren(el('h1', {tabindex: '-1'}, 'Nothing to show'), el('p', {}, 'This key permits nothing that this page shows.'));
    return;
  }
  const [, argument] = view.at.exec(path);
  openMenu(false);
  nav.querySelectorAll('a').forEach(link => {
    if (link.hash === (view.href || view.under)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  });
  main.replaceChildren(view.show(argument));
  const title = main.querySelector('h1');
  document.title = `${title.textContent} – userstore administration`;
  title.focus({preventScroll: true});
  scrollTo(0, 0);
}

function openMenu(open) {
  nav.classList.toggle('open', open);
  menu.setAttribute('aria-expanded', String(open));
}

async function start() {
  try {
    if (await resume()) inside();
    else logInPage('');
  } catch (error) {
    if (!error.isOver) main.replaceChildren(alertBox(error, start), button('Log out', () => logOut()));
  }
}

menu.addEventListener('click', () => openMenu(menu.getAttribute('aria-expanded') !== 'true'));
document.querySelector('.skip').addEventListener('click', event => {
  // The address belongs to the views.
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', route);
watch(logInPage);
start();
