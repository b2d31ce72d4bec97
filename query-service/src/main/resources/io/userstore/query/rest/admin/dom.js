import {utc, when} from '/admin/text.js';

const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element; texts stay texts, so that nothing in the data can become markup. */
export function el(name, attributes, ...children) {
  return furnished(document.createElement(name), attributes, children);
}

export function svg(name, attributes, ...children) {
  return furnished(document.createElementNS(SVG, name), attributes, children);
}

function furnished(element, attributes, children) {
  Object.entries(attributes || {}).forEach(([key, value]) => {
    if (key === 'on') Object.entries(value).forEach(([event, run]) => element.addEventListener(event, run));
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? '' : value);
  });
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== ''));
  return element;
}

/** A time in the reader's zone, with UTC as its title. */
export const time = value => value ? el('time', {datetime: value, title: utc(value)}, when(value)) : '–';

export const tag = (text, kind) => el('span', {class: 'tag ' + kind}, text);

export const button = (text, run, kind = '') => el('button', {type: 'button', class: kind, on: {click: run}}, text);

// Not `disabled`, which would take the focus away from whoever pressed the button.
const isBusy = element => element.getAttribute('aria-disabled') === 'true';
const setBusy = (element, busy) => element.setAttribute('aria-disabled', String(busy));

/** Tells something that needs no answer; read aloud, gone by itself. */
export function notice(text) {
  const line = el('p', {}, text);
  document.getElementById('notices').append(line);
  setTimeout(() => line.remove(), 6000);
}

/** What went wrong, where it went wrong, with a way to try again. */
export function alertBox(error, again) {
  return el('div', {class: 'alert', role: 'alert'}, el('p', {}, error.message),
    error.requestId ? el('p', {class: 'soft'}, 'Request ', el('code', {}, error.requestId)) : null,
    again ? button('Try again', again) : null);
}

let ids = 0;

/** A labelled control with a place for a hint and for a fault, which a screen reader reads with it. */
export function field(label, control, hint) {
  const id = control.id || `f${++ids}`;
  control.id = id;
  const fault = el('p', {class: 'fault', id: id + '-fault', hidden: true});
  const more = hint ? el('p', {class: 'hint', id: id + '-hint'}, hint) : null;
  control.setAttribute('aria-describedby', (more ? id + '-hint ' : '') + id + '-fault');
  const box = el('div', {class: 'field'}, el('label', {for: id}, label), control, more, fault);
  box.tell = text => {
    fault.textContent = text || '';
    fault.hidden = !text;
    control.toggleAttribute('aria-invalid', Boolean(text));
    if (text) control.setAttribute('aria-invalid', 'true');
  };
  box.control = control;
  return box;
}

export function choice(options, value = '') {
  return el('select', {}, options.map(([key, text]) => el('option', {value: key, selected: key === value}, text)));
}

/**
 * A form that answers Enter, is sent once at a time, and shows faults beside their fields.
 *
 * @param fields by the names that the API gives them
 * @param send returns a promise; its rejection is shown
 */
export function form(fields, content, text, send, others = []) {
  const place = el('div', {});
  const submit = el('button', {type: 'submit', class: 'main'}, text);
  const made = el('form', {novalidate: true, on: {submit: async event => {
    event.preventDefault();
    if (isBusy(submit)) return;
    setBusy(submit, true);
    place.replaceChildren();
    Object.values(fields).forEach(each => each.tell(''));
    try {
      await send();
    } catch (error) {
      tellFaults(fields, place, error);
    } finally {
      setBusy(submit, false);
    }
  }}}, place, content, el('div', {class: 'actions'}, submit, others));
  return made;
}

function tellFaults(fields, place, error) {
  if (error.isOver) return;
  let first;
  const unplaced = [];
  (error.faults || []).forEach(fault => {
    const box = fields[fault.field] || fields[fault.field.split(/[.[]/)[0]];
    if (box) {
      box.tell(fault.message);
      first ??= box.control;
    } else {
      unplaced.push(`${fault.field}: ${fault.message}`);
    }
  });
  if (!first || unplaced.length) {
    place.replaceChildren(alertBox(unplaced.length ? Object.assign(new Error(unplaced.join('; ')), {requestId: error.requestId}) : error));
  }
  (first || place).scrollIntoView({block: 'nearest'});
  first?.focus();
}

/** Asks before something that cannot be taken back; the promise is true when it was wanted. */
export function confirmed({title, text, typed, action}) {
  return new Promise(resolve => {
    const word = typed ? field(`Type ${typed} to go on`, el('input', {autocomplete: 'off', spellcheck: 'false'})) : null;
    const id = `d${++ids}`;
    const dialog = el('dialog', {'aria-labelledby': id}, el('h2', {id}, title), el('p', {}, text));
    let wanted = false;
    const end = answer => { wanted = answer; dialog.close(); };
    dialog.append(form({}, word || '', action, async () => {
      if (word && word.control.value.trim() !== typed) {
        word.tell('this is not the same');
        word.control.focus();
        return;
      }
      end(true);
    }, [button('Cancel', () => end(false))]));
    dialog.querySelector('button[type=submit]').className = 'bad';
    dialog.addEventListener('close', () => { dialog.remove(); resolve(wanted); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Shows a secret this once, and lets it be copied. */
export function secretShown(title, secret) {
  return new Promise(resolve => {
    const code = el('code', {class: 'secret'}, secret);
    const copy = button('Copy', async () => {
      try {
        // Browsers lend the clipboard only to pages that came over TLS or from this machine.
        await navigator.clipboard.writeText(secret);
        copy.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
        copy.textContent = 'Selected: copy it with your keyboard';
      }
    }, 'main');
    const id = `d${++ids}`;
    const dialog = el('dialog', {'aria-labelledby': id}, el('h2', {id}, title),
      el('p', {}, 'Keep it now: it is shown this once, and nobody can tell it again.'), code,
      el('div', {class: 'actions'}, copy, button('Done', () => dialog.close())));
    dialog.addEventListener('close', () => { dialog.remove(); resolve(); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Runs an action of a button, which does nothing more meanwhile, and tells how it went. */
export async function act(element, run, done) {
  if (isBusy(element)) return;
  setBusy(element, true);
  try {
    await run();
    if (done) notice(done);
  } catch (error) {
    if (!error.isOver) notice(error.message);
  } finally {
    setBusy(element, false);
  }
}

/**
 * A table; on a narrow screen each row is a card.
 *
 * @param columns name, cell (from a row to its content), kind (a class)
 */
export function table(caption, columns, rows) {
  return el('div', {class: 'table', tabindex: '0', role: 'region', 'aria-label': caption}, el('table', {class: 'cards'},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, columns.map(each => el('th', {scope: 'col', class: each.kind}, each.name)))),
    el('tbody', {}, rows.map(row => el('tr', {}, columns.map((each, index) => index === 0
      ? el('th', {scope: 'row'}, each.cell(row)) : el('td', {class: each.kind, 'data-name': each.name}, each.cell(row))))))));
}
