/** What values look like to people. Nothing here touches the page. */

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time in the reader's zone; a dash when there is none. */
export function when(time) {
  return time ? new Date(time).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'}) : '–';
}

/** The same instant in UTC, to be looked at closely. */
export function utc(time) {
  return time ? `${time} (shown in ${ZONE})` : '';
}

export function count(number) {
  return Number(number).toLocaleString();
}

/** What a user is called in lists: by name, by address, or by id. */
export function called(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(' ') || user.username || user.email || user.id;
}

/** `user.login-recorded` as words: Login recorded. */
export function eventName(type) {
  const words = type.slice(type.indexOf('.') + 1).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round(seconds % 3600 / 60)} min`;
}

/** A value of `extra`, or an old one of the history, as text. */
export function shown(value) {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Old and new of an entry of the history, whichever of the two forms the service has: by field, or a list. */
export function changesOf(entry) {
  if (Array.isArray(entry.changes)) return entry.changes;
  if (Array.isArray(entry.changed)) return entry.changed.map(field => ({field}));
  return Object.entries(entry.changed || {}).map(([field, each]) => ({field, ...each}));
}
