/** From what stands in a form to what is sent. Nothing here touches the page. */

export const TEXTS = ['email', 'username', 'first_name', 'last_name', 'group'];

/** What a text field says; empty means that there is nothing. */
const filled = text => text.trim() === '' ? null : text;

/**
 * A value of `extra` in the type that was chosen for it.
 *
 * @throws RangeError with words for the reader when the text is none of that type
 */
export function typed(type, text) {
  if (type === 'number') {
    const number = Number(text.trim());
    if (text.trim() === '' || !Number.isFinite(number)) throw new RangeError('not a number');
    return number;
  }
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new RangeError('true or false');
    return text === 'true';
  }
  return text;
}

/**
 * Rows of key, type and text as an object; rows without a key are passed over.
 *
 * @return {{extra: Object, faults: Map<number, string>}} what is wrong, by the row's number
 */
export function extraOf(rows) {
  const extra = Object.create(null);
  const faults = new Map();
  rows.forEach(({key, type, text}, index) => {
    if (key === '' && text === '') return;
    if (key === '') faults.set(index, 'a key is missing');
    else if (key in extra) faults.set(index, 'this key is there twice');
    else {
      try {
        extra[key] = typed(type, text);
      } catch (fault) {
        faults.set(index, fault.message);
      }
    }
  });
  return {extra: {...extra}, faults};
}

/** The merge patch (RFC 7396) that makes one user out of another: only what differs, null for what is gone. */
export function mergePatch(user, wanted) {
  const patch = {};
  for (const name of TEXTS) {
    const next = filled(wanted[name]);
    if (next !== (user[name] ?? null)) patch[name] = next;
  }
  if (wanted.is_active !== undefined && wanted.is_active !== user.is_active) patch.is_active = wanted.is_active;
  if (wanted.password) patch.password = wanted.password;
  const before = user.extra ?? {};
  const extra = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(wanted.extra, key)) extra[key] = null;
  for (const [key, value] of Object.entries(wanted.extra)) {
    if (!Object.hasOwn(before, key) || before[key] !== value) extra[key] = value;
  }
  if (Object.keys(extra).length) patch.extra = extra;
  return patch;
}

/** A user to be made: what is filled in, and nothing else. */
export function newUser(wanted) {
  const user = {password: wanted.password, is_active: wanted.is_active};
  for (const name of TEXTS) if (filled(wanted[name]) !== null) user[name] = wanted[name];
  if (Object.keys(wanted.extra).length) user.extra = wanted.extra;
  return user;
}

/** The query string of the options that are set. */
export function query(options) {
  const set = Object.entries(options).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return set.length ? '?' + new URLSearchParams(set) : '';
}
