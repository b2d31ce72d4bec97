import {getVersioned, get, may, write} from '/admin/api.js';
import {act, alertBox, button, choice, confirmed, el, field, form, notice, table, tag, time} from '/admin/dom.js';
import {extraOf, mergePatch, newUser, query, TEXTS} from '/admin/forms.js';
import {called, changesOf, eventName, shown} from '/admin/text.js';
import {states} from '/admin/users.js';

const LABELS = {email: 'E-mail', username: 'User name', first_name: 'First name', last_name: 'Last name', group: 'Group'};

/** The fields of a user as controls, by the names that the API gives them. */
function editor(user, isNew) {
  const fields = Object.fromEntries(TEXTS.map(name => [name, field(LABELS[name],
    el('input', {value: user[name] ?? '', type: name === 'email' ? 'email' : 'text', maxlength: '256', autocomplete: 'off', spellcheck: 'false'}))]));
  fields.password = field(isNew ? 'Password' : 'New password', el('input', {type: 'password', autocomplete: 'new-password', maxlength: '1024'}),
    isNew ? 'The user can change it.' : 'Empty leaves it as it is.');
  const active = el('input', {type: 'checkbox', checked: user.is_active ?? true});
  const rows = el('div', {});
  const add = button('Add a value', () => row('', 'string', '').focus());

  function row(key, type, text) {
    const name = el('input', {value: key, 'aria-label': 'Key', placeholder: 'key', maxlength: '64', spellcheck: 'false'});
    const kind = choice([['string', 'text'], ['number', 'number'], ['boolean', 'true/false']], type);
    kind.setAttribute('aria-label', 'Type');
    const value = el('input', {value: text, 'aria-label': 'Value', placeholder: 'value', maxlength: '1024', spellcheck: 'false'});
    const remove = button('Remove', () => { line.remove(); add.focus(); });
    remove.setAttribute('aria-label', `Remove ${key || 'this value'}`);
    const line = el('div', {class: 'extra'}, name, kind, value, remove);
    line.read = () => ({key: name.value, type: kind.value, text: value.value});
    rows.append(line);
    return name;
  }
  Object.entries(user.extra || {}).forEach(([key, value]) => row(key, typeof value, String(value)));

  const fault = el('p', {class: 'fault', role: 'alert', hidden: true});
  const extra = el('fieldset', {}, el('legend', {}, 'Custom values (extra)'), rows, fault, add);
  extra.tell = text => { fault.textContent = text || ''; fault.hidden = !text; };
  extra.control = add;
  fields.extra = extra;

  /** What the controls say; null when a row of extra is wrong, which is then told. */
  function read() {
    const read = extraOf([...rows.children].map(line => line.read()));
    const [wrong] = read.faults;
    if (wrong) {
      extra.tell(`row ${wrong[0] + 1}: ${wrong[1]}`);
      rows.children[wrong[0]].querySelector('input').focus();
      return null;
    }
    return {...Object.fromEntries(TEXTS.map(name => [name, fields[name].control.value])),
      password: fields.password.control.value, is_active: active.checked, extra: read.extra};
  }
  const content = [el('div', {class: 'fields'}, TEXTS.map(name => fields[name]), fields.password),
    el('label', {class: 'check'}, active, 'Active'), extra];
  return {fields, content, read};
}

export function create() {
  const edit = editor({}, true);
  return el('div', {}, el('h1', {tabindex: '-1'}, 'Create a user'), el('p', {class: 'lead'}, 'A password, and an e-mail address or a user name.'),
    el('div', {class: 'card'}, form(edit.fields, edit.content, 'Create', async () => {
      const wanted = edit.read();
      if (!wanted) return;
      const made = await write('POST', '/1/users', newUser(wanted));
      notice(`${called(made)} is created.`);
      location.hash = '#/users/' + made.id;
    }, el('a', {class: 'button', href: '#/users'}, 'Cancel'))));
}

export function user(id) {
  const place = el('div', {}, el('h1', {tabindex: '-1'}, 'User'), el('p', {class: 'soft', role: 'status'}, 'Reading…'));
  const path = '/1/users/' + encodeURIComponent(id);

  async function load() {
    try {
      const {body, etag} = await getVersioned(path);
      const focused = place.contains(document.activeElement);
      place.replaceChildren(...page(body, etag));
      if (focused) place.querySelector('h1').focus();
    } catch (error) {
      if (error.isOver) return;
      place.replaceChildren(el('h1', {tabindex: '-1'}, 'User'), alertBox(error, load), el('a', {href: '#/users'}, 'Back to the list'));
    }
  }

  function page(current, etag) {
    const fact = (name, value) => [el('dt', {}, name), el('dd', {}, value)];
    return [el('h1', {tabindex: '-1'}, called(current)), el('p', {class: 'lead'}, states(current)),
      el('div', {class: 'card'}, el('dl', {class: 'facts'}, fact('Id', el('code', {}, current.id)), fact('Created', time(current.created_at)),
        fact('Changed', time(current.updated_at)), fact('Last sign-in', time(current.last_signin)), fact('Version', String(current.version)),
        may('users:write') ? null : [...TEXTS.flatMap(name => fact(LABELS[name], shown(current[name]))),
          ...Object.entries(current.extra || {}).flatMap(([key, value]) => fact(key, shown(value)))])),
      ...(may('users:write') ? [editCard(current, etag), deeds(current, etag)] : []),
      providers(), activity()];
  }

  function editCard(current, etag) {
    const edit = editor(current, false);
    return el('section', {'aria-labelledby': 'edit'}, el('h2', {id: 'edit'}, 'Edit'),
      el('div', {class: 'card'}, form(edit.fields, edit.content, 'Save', async () => {
        const wanted = edit.read();
        if (!wanted) return;
        const patch = mergePatch(current, wanted);
        if (!Object.keys(patch).length) {
          notice('Nothing is changed.');
          return;
        }
        await write('PATCH', path, patch, etag);
        notice('Saved.');
        await load();
      }, button('Reload', load))));
  }

  function deeds(current, etag) {
    const deed = (text, run, done, kind) => {
      const made = button(text, () => act(made, run, done), kind);
      return made;
    };
    return el('section', {'aria-labelledby': 'deeds'}, el('h2', {id: 'deeds'}, 'Actions'), el('div', {class: 'row'},
      current.is_active
        ? deed('Deactivate', () => write('PATCH', path, {is_active: false}, etag).then(load), 'Deactivated.')
        : deed('Activate', () => write('PATCH', path, {is_active: true}, etag).then(load), 'Activated.'),
      current.confirmation ? deed('Send the confirmation again', () => write('POST', path + '/confirmation').then(load), 'The mail is on its way.') : null,
      current.email ? deed('Send a password reset mail', () => write('POST', path + '/password-reset'), 'The mail is on its way.') : null,
      deed('Delete', async () => {
        const word = current.username || current.email || current.id;
        if (await confirmed({title: `Delete ${called(current)}?`, typed: word, action: 'Delete for good',
          text: 'Name and address become free again, and nobody can bring this user back.'})) {
          await write('DELETE', path, undefined, etag);
          notice('Deleted.');
          location.hash = '#/users';
        }
      }, '', 'bad')));
  }

  function providers() {
    const list = el('div', {}, el('p', {class: 'soft'}, 'Reading…'));
    async function read() {
      try {
        const {data} = await get(path + '/auth-providers');
        list.replaceChildren(data.length ? table('Linked providers', [
          {name: 'Provider', cell: each => each.provider},
          {name: 'Client id', cell: each => el('code', {}, each.client_id)},
          {name: 'Token', cell: each => each.access_token_expiry
            ? [each.access_token_expired ? tag('expired', 'warn') : tag('valid', 'good'), time(new Date(each.access_token_expiry * 1000).toISOString())] : '–'},
          ...(may('users:write') ? [{name: '', cell: each => {
            const unlink = button('Unlink', () => act(unlink, async () => {
              if (await confirmed({title: `Unlink ${each.provider}?`, text: 'The user cannot sign in this way any more.', action: 'Unlink'})) {
                await write('DELETE', `${path}/auth-providers/${encodeURIComponent(each.provider)}`);
                notice('Unlinked.');
                await load();
              }
            }));
            unlink.setAttribute('aria-label', `Unlink ${each.provider}`);
            return unlink;
          }}] : [])], data) : el('p', {class: 'soft'}, 'None.'));
      } catch (error) {
        if (!error.isOver) list.replaceChildren(alertBox(error, read));
      }
    }
    read();
    return el('section', {'aria-labelledby': 'providers'}, el('h2', {id: 'providers'}, 'Linked providers'), list);
  }

  function activity() {
    const line = el('ol', {class: 'line'});
    const end = el('div', {});
    async function more(after) {
      const had = line.lastElementChild;
      end.replaceChildren(el('p', {class: 'soft'}, 'Reading…'));
      try {
        const {paging, data} = await get(`${path}/activity` + query({limit: 25, after}));
        line.append(...data.map(entry));
        end.replaceChildren(paging.next ? button('Earlier', () => more(paging.after)) : '');
        if (had?.nextElementSibling) {
          had.nextElementSibling.tabIndex = -1;
          had.nextElementSibling.focus({preventScroll: true});
        }
      } catch (error) {
        if (!error.isOver) end.replaceChildren(alertBox(error, () => more(after)));
      }
    }
    more();
    return el('section', {'aria-labelledby': 'activity'}, el('h2', {id: 'activity'}, 'Activity'), line, end);
  }
  load();
  return place;
}

function entry(event) {
  const from = [event.key_id ? ['key ', el('code', {}, event.key_id)] : null, event.address ? [' from ', el('code', {}, event.address)] : null,
    event.request_id ? [' · request ', el('code', {}, event.request_id)] : null];
  return el('li', {}, el('h3', {}, eventName(event.type)), el('p', {class: 'soft'}, time(event.time), event.version ? ` · version ${event.version}` : ''),
    changesOf(event).map(change => el('p', {}, el('strong', {}, change.field), 'old' in change || 'new' in change
      ? [': ', el('del', {}, shown(change.old)), ' → ', el('ins', {}, shown(change.new))] : ' changed')),
    el('p', {class: 'soft'}, from));
}
