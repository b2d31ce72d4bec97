import {get, me, write} from '/admin/api.js';
import {act, alertBox, button, choice, confirmed, el, field, form, notice, secretShown, table, time} from '/admin/dom.js';
import {query} from '/admin/forms.js';

const PERMISSIONS = ['users:read', 'users:write', 'auth', 'stats:read', 'events:read', 'admin'];
const SIGNIN = [['allow', 'may sign in'], ['deny', 'are refused']];

export function applications() {
  const place = el('div', {}, el('p', {class: 'soft', role: 'status'}, 'Reading…'));
  async function load(after) {
    try {
      const {paging, data} = await get('/1/applications' + query({limit: 100, after}));
      place.replaceChildren(table('Applications', [
        {name: 'Name', cell: each => el('a', {href: '#/applications/' + each.name}, each.name)},
        {name: 'Inactive users', cell: each => SIGNIN.find(([key]) => key === each.inactive_signin)?.[1]},
        {name: 'Created', cell: each => time(each.created_at), kind: 'when'}], data),
      el('div', {class: 'pager'}, after ? button('From the first', () => load()) : el('span', {}),
        paging.next ? button('Next', () => load(paging.after)) : null));
    } catch (error) {
      if (!error.isOver) place.replaceChildren(alertBox(error, () => load(after)));
    }
  }
  load();
  const name = field('Name', el('input', {autocomplete: 'off', spellcheck: 'false', maxlength: '63'}), 'Small letters, digits and hyphens.');
  const inactive = field('Users who are not active', choice(SIGNIN));
  return el('div', {}, el('h1', {tabindex: '-1'}, 'Applications'), place,
    me().application === 'default' ? [el('h2', {}, 'Make an application'), el('div', {class: 'card'}, form({name, inactive_signin: inactive},
      el('div', {class: 'fields'}, name, inactive), 'Make', async () => {
        const made = await write('POST', '/1/applications', {name: name.control.value.trim(), inactive_signin: inactive.control.value});
        notice(`${made.name} is made. It needs keys.`);
        location.hash = '#/applications/' + made.name;
      }))] : null);
}

export function application(name) {
  const path = '/1/applications/' + encodeURIComponent(name);
  const place = el('div', {}, el('p', {class: 'soft', role: 'status'}, 'Reading…'));

  async function load() {
    try {
      const [app, keys] = await Promise.all([get(path), get(path + '/keys')]);
      place.replaceChildren(el('h2', {}, 'Settings'), settings(app), el('h2', {}, 'Keys'),
        keys.data.length ? keyTable(keys.data) : el('p', {class: 'empty'}, 'No key yet.'), el('h2', {}, 'Issue a key'), issue());
    } catch (error) {
      if (!error.isOver) place.replaceChildren(alertBox(error, load));
    }
  }

  function settings(app) {
    const inactive = field('Users who are not active', choice(SIGNIN, app.inactive_signin));
    return el('div', {class: 'card'}, form({inactive_signin: inactive}, el('div', {class: 'fields'}, inactive), 'Save', async () => {
      await write('PATCH', path, {inactive_signin: inactive.control.value});
      notice('Saved.');
    }));
  }

  function keyTable(keys) {
    return table('Keys that are valid', [
      {name: 'Name', cell: key => [key.name || '–', key.id === me().id ? el('span', {class: 'soft'}, ' (yours)') : null]},
      {name: 'Id', cell: key => el('code', {}, key.id)},
      {name: 'Permissions', cell: key => key.permissions.join(', ')},
      {name: 'Created', cell: key => time(key.created_at), kind: 'when'},
      {name: 'Valid until', cell: key => key.expires_at ? time(key.expires_at) : 'for ever', kind: 'when'},
      {name: 'Actions', cell: key => {
        const rotate = button('Rotate', () => act(rotate, async () => {
          if (await confirmed({title: `Rotate ${key.name || key.id}?`, text: 'A new key is made. The old one stays valid for a day.', action: 'Rotate'})) {
            const made = await write('POST', `${path}/keys/${encodeURIComponent(key.id)}/rotate`, {});
            await secretShown('The new key', made.key);
            await load();
          }
        }));
        const revoke = button('Revoke', () => act(revoke, async () => {
          if (await confirmed({title: `Revoke ${key.name || key.id}?`, typed: key.name || key.id, action: 'Revoke',
            text: key.id === me().id ? 'This is the key that you are logged in with: you will be logged out.' : 'Whoever uses it is refused from now on.'})) {
            await write('DELETE', `${path}/keys/${encodeURIComponent(key.id)}`);
            notice('Revoked.');
            await load();
          }
        }), 'bad');
        [[rotate, 'Rotate'], [revoke, 'Revoke']].forEach(([each, verb]) => each.setAttribute('aria-label', `${verb} ${key.name || key.id}`));
        return el('div', {class: 'row'}, rotate, revoke);
      }}], keys);
  }

  function issue() {
    const label = field('Name', el('input', {maxlength: '256', autocomplete: 'off'}), 'For yourself, to know it by.');
    const boxes = PERMISSIONS.map(permission => {
      const box = el('input', {type: 'checkbox', value: permission});
      // A key can be given nothing that the caller's lacks.
      box.disabled = !me().permissions.includes(permission);
      return box;
    });
    const fault = el('p', {class: 'fault', role: 'alert', hidden: true});
    const permissions = el('fieldset', {}, el('legend', {}, 'It may'),
      boxes.map((box, index) => el('label', {class: 'check'}, box, el('code', {}, PERMISSIONS[index]))), fault);
    permissions.tell = text => { fault.textContent = text || ''; fault.hidden = !text; };
    permissions.control = boxes[0];
    return el('div', {class: 'card'}, form({name: label, permissions}, [label, permissions], 'Issue', async () => {
      const wanted = boxes.filter(box => box.checked).map(box => box.value);
      if (!wanted.length) {
        permissions.tell('at least one');
        boxes[0].focus();
        return;
      }
      const named = label.control.value.trim();
      const made = await write('POST', path + '/keys', {permissions: wanted, ...(named ? {name: named} : {})});
      await secretShown('The new key', made.key);
      await load();
    }));
  }

  load();
  return el('div', {}, el('h1', {tabindex: '-1'}, name), el('p', {class: 'lead'}, el('a', {href: '#/applications'}, 'All applications')), place);
}
