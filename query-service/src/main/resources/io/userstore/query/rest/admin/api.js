/**
 * The way to the API: with the key of whoever is logged in, which lives in this tab and nowhere else.
 * It is in no address, no cookie and no storage that outlives the tab.
 */

const KEY = 'userstore.key';
const SEEN = 'userstore.seen';
const IDLE = 30 * 60 * 1000;
const TRIES = 3;
const LONGEST_PAUSE = 10;

let onEnd = () => {};
let identity = null;
/** Of a write that reads did not show yet: sent along until one does. */
let pendingToken = null;

/** Something that the API, or the way to it, refused; `message` is for people. */
export class Refusal extends Error {
  constructor(message, {status = 0, error = '', faults = [], requestId = '', isOver = false} = {}) {
    super(message);
    Object.assign(this, {status, error, faults, requestId, isOver});
  }
}

export const me = () => identity;
export const may = permission => Boolean(identity?.permissions.includes(permission));

/** Tries a key; resolves when it is known. */
export async function logIn(key) {
  sessionStorage.setItem(KEY, key);
  sessionStorage.setItem(SEEN, String(Date.now()));
  try {
    identity = await get('/1/key');
  } catch (error) {
    forget();
    throw error.status === 401 ? new Refusal('This key is not known.', {status: 401}) : error;
  }
}

/** Takes up the session of this tab after a reload; false when there is none. */
export async function resume() {
  if (!sessionStorage.getItem(KEY) || isIdle()) {
    forget();
    return false;
  }
  identity = await get('/1/key');
  return true;
}

function forget() {
  sessionStorage.removeItem(KEY);
  sessionStorage.removeItem(SEEN);
  identity = null;
  pendingToken = null;
}

export function logOut(reason = '') {
  forget();
  onEnd(reason);
}

/** Watches for idleness: half an hour without a key or a click ends the session, also when the machine slept. */
export function watch(ended) {
  onEnd = ended;
  ['pointerdown', 'keydown'].forEach(kind => document.addEventListener(kind, () => {
    if (identity && !endWhenIdle()) sessionStorage.setItem(SEEN, String(Date.now()));
  }, {capture: true, passive: true}));
  setInterval(endWhenIdle, 15_000);
  document.addEventListener('visibilitychange', endWhenIdle);
}

function isIdle() {
  const age = Date.now() - Number(sessionStorage.getItem(SEEN));
  // A clock that was set back tells nothing: ask again rather than stay for ever.
  return !(age > -60_000 && age < IDLE);
}

function endWhenIdle() {
  if (!identity || !isIdle()) return false;
  logOut('Logged out after 30 minutes without use.');
  return true;
}

export const get = path => call('GET', path).then(answer => answer.body);

/** Reads one thing with its version: `{body, etag}`. */
export const getVersioned = path => call('GET', path);

/** Writes; `etag` makes it conditional on nobody having written since. */
export const write = (method, path, body, etag) => call(method, path, body, etag).then(answer => answer.body);

/** Whether a read is answered by the views, which may be behind; linked providers are read where they are written. */
const readsViews = path => /^\/1\/(users|stats)/.test(path) && !path.includes('/auth-providers');

async function call(method, path, body, etag) {
  for (let attempt = 1; ; attempt++) {
    const answer = await send(method, path, body, etag);
    if (answer.ok) return parsed(method, path, answer);
    const refusal = await refused(answer);
    // A read can be repeated without harm; a write is left to the person who wanted it.
    if (method !== 'GET' || attempt === TRIES || !(answer.status === 429 || answer.status === 503)) throw refusal;
    const seconds = Number(answer.headers.get('Retry-After')) || 1;
    if (seconds > LONGEST_PAUSE) throw refusal;
    await new Promise(resolve => setTimeout(resolve, seconds * 1000));
  }
}

async function send(method, path, body, etag) {
  const key = sessionStorage.getItem(KEY);
  const headers = {Authorization: `Bearer ${key}`, Accept: 'application/json'};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (etag) headers['If-Match'] = etag;
  if (method === 'GET' && pendingToken && readsViews(path)) headers['Consistency-Token'] = pendingToken;
  let answer;
  try {
    answer = await fetch(path, {method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer'});
  } catch {
    throw new Refusal(method === 'GET' ? 'The service cannot be reached.'
      : 'The service cannot be reached, or the answer was lost: look whether it was done before you repeat it.');
  }
  if (key !== sessionStorage.getItem(KEY)) throw new Refusal('Logged out.', {isOver: true});
  return answer;
}

async function parsed(method, path, answer) {
  if (method === 'GET') {
    if (readsViews(path)) pendingToken = null;
  } else {
    pendingToken = answer.headers.get('Projection') === 'pending' ? answer.headers.get('Consistency-Token') : null;
  }
  const text = await answer.text();
  return {body: text ? JSON.parse(text) : null, etag: answer.headers.get('ETag')};
}

async function refused(answer) {
  const problem = await answer.json().catch(() => ({}));
  const requestId = problem.request_id || answer.headers.get('X-Request-Id') || '';
  if (answer.status === 401 && identity && problem.error === 'unauthorized') {
    logOut('The key is not valid any more.');
    return new Refusal('Logged out.', {status: 401, isOver: true});
  }
  const seconds = answer.headers.get('Retry-After');
  const again = seconds ? ` Try again in ${seconds} s.` : '';
  const text = answer.status === 429 ? 'Too many requests with this key.'
    : answer.status === 412 ? 'Somebody else has changed this since you opened it. Reload, and make your change again.'
      : problem.detail || problem.title || `The service answered ${answer.status}.`;
  return new Refusal(text.charAt(0).toUpperCase() + text.slice(1) + (again && !/[.!?]$/.test(text) ? '.' : '') + again,
    {status: answer.status, error: problem.error, faults: problem.validation_error, requestId});
}
