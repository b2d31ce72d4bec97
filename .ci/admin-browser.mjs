// Clicks through the administration page in a real browser, and has axe-core look at every view.
//
//   node .ci/admin-browser.mjs URL KEY [--axe FILE] [--pictures FOLDER]
//
// Needs chromium and nothing from npm: it speaks the DevTools protocol over the browser's pipe. The service at URL is
// written to: users and applications are made and deleted. CHROMIUM names the browser.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const [url, key, ...rest] = process.argv.slice(2);
const option = name => rest.includes(name) ? rest[rest.indexOf(name) + 1] : null;
const pictures = option('--pictures');
const axe = option('--axe') ? await readFile(option('--axe'), 'utf8') : null;
const PATIENCE = 15_000;
const run = Date.now().toString(36);

const profile = await mkdtemp(join(tmpdir(), 'userstore-browser.'));
const browser = spawn(process.env.CHROMIUM || 'chromium', ['--headless=new', '--remote-debugging-pipe', '--no-first-run', '--no-sandbox',
  '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', `--user-data-dir=${profile}`, 'about:blank'],
{stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe']});

const waiting = new Map();
const complaints = [];
const asked = new Set();
let number = 0;
let session;
let left = '';

function send(method, params = {}) {
  const id = ++number;
  browser.stdio[3].write(JSON.stringify({id, method, params, sessionId: method.startsWith('Target.') ? undefined : session}) + '\0');
  return new Promise((resolve, reject) => waiting.set(id, {resolve, reject, method}));
}

browser.stdio[4].on('data', data => {
  const parts = (left + data).split('\0');
  left = parts.pop();
  parts.map(part => JSON.parse(part)).forEach(({id, result, error, method, params}) => {
    if (id) {
      const {resolve, reject, method: called} = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(`${called}: ${error.message}`));
      else resolve(result);
    } else if (method === 'Network.requestWillBeSent') {
      asked.add(new URL(params.request.url).origin);
    } else if (method === 'Runtime.exceptionThrown') {
      complaints.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
    } else if (method === 'Log.entryAdded' && params.entry.level === 'error' && params.entry.source !== 'network') {
      complaints.push(params.entry.text);
    }
  });
});

/** Evaluates in the page; functions get their arguments as JSON. */
async function page(work, ...args) {
  const expression = typeof work === 'string' ? work : `(${work})(...${JSON.stringify(args)})`;
  const {result, exceptionDetails} = await send('Runtime.evaluate', {expression, awaitPromise: true, returnByValue: true, userGesture: true});
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
  return result.value;
}

async function until(what, work, ...args) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await page(work, ...args);
    if (value) return value;
    if (Date.now() > end) {
      await picture('failure');
      throw new Error(`waited in vain for: ${what}\n${await page(() => document.body.innerText)}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const text = wanted => until(wanted, word => document.body.innerText.includes(word), wanted);
const heading = wanted => until('heading ' + wanted, word => document.querySelector('main h1')?.textContent === word
  && !document.body.innerText.includes('Reading…') && !document.querySelector('.busy'), wanted);

/** Clicks what a person would: the visible button or link of this name, in an open dialog first. */
const click = name => until('button ' + name, word => {
  const place = document.querySelector('dialog[open]') || document;
  const found = [...place.querySelectorAll('button, a, summary')].find(each =>
    [each.textContent.trim(), each.getAttribute('aria-label')].includes(word) && !each.disabled
      && each.getAttribute('aria-disabled') !== 'true' && each.checkVisibility());
  found?.focus();
  found?.click();
  return Boolean(found);
}, name);

/** Fills the control of this label with real key strokes. */
async function fill(label, value) {
  await until('field ' + label, word => {
    const place = document.querySelector('dialog[open]') || document;
    const found = [...place.querySelectorAll('label')].find(each => each.textContent === word)?.control
      || [...place.querySelectorAll(`[aria-label="${word}"]`)].at(-1);
    found?.focus();
    found?.select?.();
    return document.activeElement === found && Boolean(found);
  }, label);
  if (value) await send('Input.insertText', {text: value});
  else await press('Delete');
}

async function press(name) {
  const codes = {Enter: 13, Escape: 27, Delete: 46, Tab: 9};
  const event = {key: name, code: name, windowsVirtualKeyCode: codes[name], text: name === 'Enter' ? '\r' : undefined};
  await send('Input.dispatchKeyEvent', {type: 'keyDown', ...event});
  await send('Input.dispatchKeyEvent', {type: 'keyUp', ...event});
}

const select = (label, value) => page((word, chosen) => {
  const control = [...document.querySelectorAll('label')].find(each => each.textContent === word).control;
  control.value = chosen;
  control.dispatchEvent(new Event('change', {bubbles: true}));
}, label, value);

const size = (width, scheme) => Promise.all([
  send('Emulation.setDeviceMetricsOverride', {width, height: 900, deviceScaleFactor: 1, mobile: false}),
  send('Emulation.setEmulatedMedia', {features: [{name: 'prefers-color-scheme', value: scheme}]})]);

async function picture(name) {
  if (!pictures) return;
  await mkdir(pictures, {recursive: true});
  const {data} = await send('Page.captureScreenshot', {captureBeyondViewport: true});
  await writeFile(join(pictures, name + '.png'), Buffer.from(data, 'base64'));
}

/** Both ends of widths and both schemes: nothing sticks out sideways, and axe has nothing to say. */
async function look(name) {
  for (const [width, scheme] of [[360, 'light'], [1440, 'dark'], [360, 'dark'], [1440, 'light']]) {
    await size(width, scheme);
    const wide = await page(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await picture(`${name}-${width}-${scheme}`);
    assert.ok(wide <= 0, `${name} at ${width} px sticks out by ${wide} px`);
    if (!axe) continue;
    if (!await page(() => 'axe' in window)) await page(axe + '\n;0');
    const found = await page(() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
      .then(({violations}) => violations.map(each => `${each.id}: ${each.help}: ${each.nodes.map(node => node.html).slice(0, 3).join(' | ')}`)));
    assert.deepEqual(found, [], `axe on ${name} at ${width} px, ${scheme}`);
  }
}

let passed = 0;
async function step(name, work) {
  await work();
  passed++;
  console.log('ok ' + name);
}

const api = (method, path, body) => fetch(url + path, {method, headers: {Authorization: `Bearer ${key}`, 'Content-Type': 'application/json'},
  body: body && JSON.stringify(body)}).then(async answer => ({status: answer.status, body: await answer.json().catch(() => null)}));

try {
  const {targetInfos} = await send('Target.getTargets');
  ({sessionId: session} = await send('Target.attachToTarget', {targetId: targetInfos.find(each => each.type === 'page').targetId, flatten: true}));
  await Promise.all(['Page', 'Runtime', 'Log', 'Network'].map(domain => send(domain + '.enable')));

  await step('a wrong key is refused and kept nowhere', async () => {
    await send('Page.navigate', {url: url + '/admin'});
    await heading('userstore administration');
    await look('log-in');
    await fill('API key', 'sk_wrong_key_of_nobody');
    await press('Enter');
    await text('This key is not known.');
    assert.equal(await page(() => sessionStorage.length + localStorage.length), 0);
  });

  await step('with a key the list comes, and the key is in this tab alone', async () => {
    await fill('API key', key);
    await press('Enter');
    await heading('Users');
    assert.deepEqual(await page(() => [localStorage.length, document.cookie, location.search]), [0, '', '']);
    assert.ok(!await page(secret => document.documentElement.outerHTML.includes(secret) || location.href.includes(secret), key));
  });

  await step('faults stand beside their fields, and the first has the focus', async () => {
    await click('Create a user');
    await heading('Create a user');
    await fill('E-mail', 'not-an-address');
    await fill('Password', 'x');
    await click('Create');
    await until('two faults', () => document.querySelectorAll('.field .fault:not([hidden])').length === 2);
    assert.equal(await page(() => document.activeElement.labels[0].textContent), 'E-mail');
    await look('faults');
  });

  await step('a user is created, with values of every type', async () => {
    await fill('E-mail', `ada-${run}@example.com`);
    await fill('User name', `ada-${run}`);
    await fill('First name', '<b>Ada</b>');
    await fill('Last name', 'Lovelace');
    await fill('Group', 'cadets');
    await fill('Password', 'abcd1234');
    await click('Add a value');
    await fill('Key', 'color');
    await fill('Value', 'blue');
    await click('Create');
    // What looks like markup stays a text.
    await heading('<b>Ada</b> Lovelace');
    await text('Created');
    await look('user');
  });

  await step('an edit is saved, shown in the history, and refused when somebody was faster', async () => {
    await fill('First name', 'Ada');
    await fill('Value', 'green');
    await click('Save');
    await heading('Ada Lovelace');
    const id = await page(() => location.hash.split('/').pop());
    const {body} = await api('GET', '/1/users/' + id);
    assert.deepEqual([body.first_name, body.extra.color], ['Ada', 'green']);
    await text('Profile updated');
    await api('PATCH', '/1/users/' + id, {group: 'officers'});
    await fill('Last name', 'Byron');
    await click('Save');
    await text('Somebody else has changed this');
    await click('Reload');
    await until('the new group', () => [...document.querySelectorAll('input')].some(each => each.value === 'officers'));
  });

  await step('deactivated and activated', async () => {
    await click('Deactivate');
    await until('inactive', () => document.querySelector('main .lead').textContent.includes('inactive'));
    await click('Activate');
    await until('active', () => !document.querySelector('main .lead').textContent.includes('inactive'));
  });

  await step('a linked provider is unlinked', async () => {
    const id = await page(() => location.hash.split('/').pop());
    assert.equal((await api('POST', `/1/users/${id}/auth-providers/google`, {client_id: 'client-' + run, access_token_expiry: 1893456000})).status, 201);
    await click('Reload');
    await click('Unlink google');
    await until('the question', () => document.querySelector('dialog[open]'));
    await look('dialog');
    await click('Unlink');
    await until('none linked', () => document.querySelector('[aria-labelledby=providers]').textContent.includes('None.'));
  });

  await step('the list is searched, filtered and turned over', async () => {
    for (let i = 0; i < 30; i++) {
      assert.equal((await api('POST', '/1/users', {username: `page-${run}-${i}`, password: 'abcd1234', group: 'many'})).status, 201);
    }
    await api('POST', '/1/auth/signin', {username: `page-${run}-1`, password: 'abcd1234'});
    await api('POST', '/1/auth/signin', {username: `page-${run}-1`, password: 'wrong-one'});
    await click('Users');
    await heading('Users');
    await fill('Name or e-mail begins with', `page-${run}`);
    await text('30 users');
    await until('a page', () => document.querySelectorAll('tbody tr').length === 25);
    await look('users');
    await click('Next');
    await until('the rest', () => document.querySelectorAll('tbody tr').length === 5);
    await click('Previous');
    await until('a page', () => document.querySelectorAll('tbody tr').length === 25);
    await select('Activity', 'false');
    await text('No user is like this.');
    assert.ok(!await page(word => location.href.includes(word), run));
  });

  await step('who has not confirmed is pending', async () => {
    const made = await api('POST', '/1/users', {email: `late-${run}@example.com`, password: 'abcd1234', confirmation: {}});
    assert.equal(made.status, 201);
    await click('Pending');
    await heading('Pending users');
    await until('the one who waits', word => document.querySelector('tbody').innerText.includes(word), `late-${run}@example.com`);
    await look('pending');
    await click(`late-${run}@example.com`);
    await heading(`late-${run}@example.com`);
    await click('Send the confirmation again');
    await text('The mail is on its way.');
  });

  await step('a busy service is asked again when it says so, and told of when that is long', async () => {
    const busyOnce = seconds => page(after => {
      const real = window.fetch;
      window.fetch = () => {
        window.fetch = real;
        return Promise.resolve(new Response('{"detail":"catching up"}', {status: 503, headers: {'Retry-After': String(after)}}));
      };
    }, seconds);
    await busyOnce(1);
    await click('Users');
    await heading('Users');
    await click('Statistics');
    await heading('Statistics');
    await busyOnce(60);
    await select('Interval', 'week');
    await text('Catching up. Try again in 60 s.');
    await click('Try again');
    await until('the charts', () => document.querySelector('svg'));
  });

  await step('statistics are drawn, and told as a table', async () => {
    await click('Statistics');
    await heading('Statistics');
    await until('bars', () => document.querySelector('svg rect.joins') && document.querySelector('svg rect.logins'));
    await select('Interval', 'week');
    await click('The same as a table');
    await text('Per week, UTC');
    await look('statistics');
    await page(() => { [...document.querySelectorAll('input[type=date]')][0].value = '2000-01-01'; });
    await select('Interval', 'hour');
    await text('gives more than');
  });

  await step('an application is made, a key issued, shown once, rotated and revoked', async () => {
    await click('Applications');
    await heading('Applications');
    await look('applications');
    await fill('Name', `app-${run}`);
    await click('Make');
    await heading(`app-${run}`);
    await text('No key yet.');
    await fill('Name', 'web');
    await click('Issue');
    await text('at least one');
    await page(() => document.querySelector('input[value="users:read"]').click());
    await click('Issue');
    const first = await until('the key', () => document.querySelector('dialog[open] .secret')?.textContent);
    await look('secret');
    await click('Done');
    await click('Rotate web');
    await click('Rotate');
    const second = await until('the new key', () => document.querySelector('dialog[open] .secret')?.textContent);
    assert.notEqual(second, first);
    await click('Done');
    await until('two keys', () => document.querySelectorAll('tbody tr').length === 2);
    assert.ok(!await page(secret => document.body.innerText.includes(secret), second));
    await look('application');
    await click('Revoke web');
    await fill('Type web to go on', 'web');
    await click('Revoke');
    await until('one key', () => document.querySelectorAll('tbody tr').length === 1);
  });

  await step('the projections are shown', async () => {
    await click('System');
    await heading('System');
    await until('three of them', () => document.querySelectorAll('section.card').length === 3);
    await look('system');
  });

  await step('a user is deleted only by typing the name', async () => {
    await click('Users');
    await heading('Users');
    await select('Activity', '');
    await fill('Name or e-mail begins with', `ada-${run}`);
    await text('1 user');
    await click('Ada Lovelace');
    await heading('Ada Lovelace');
    await click('Delete');
    await fill(`Type ada-${run} to go on`, 'somebody else');
    await click('Delete for good');
    await text('this is not the same');
    await press('Escape');
    await until('no dialog', () => !document.querySelector('dialog'));
    assert.equal(await page(() => document.activeElement.textContent), 'Delete');
    await click('Delete');
    await fill(`Type ada-${run} to go on`, `ada-${run}`);
    await click('Delete for good');
    await heading('Users');
    await text('No user is like this.');
  });

  await step('a reload keeps the session, and idleness ends it', async () => {
    await send('Page.reload');
    await heading('Users');
    await page(() => sessionStorage.setItem('userstore.seen', String(Date.now() - 31 * 60_000)));
    await page(() => document.dispatchEvent(new Event('visibilitychange')));
    await text('Logged out after 30 minutes');
    assert.equal(await page(() => sessionStorage.length), 0);
  });

  await step('a key with less sees less', async () => {
    const {body} = await api('POST', `/1/applications/app-${run}/keys`, {permissions: ['users:read']});
    await fill('API key', body.key);
    await press('Enter');
    await heading('Users');
    assert.deepEqual(await page(() => [...document.querySelectorAll('nav a')].map(each => each.textContent)), ['Users', 'Pending']);
    await text('No user is like this.');
    await page(() => { location.hash = '#/applications'; });
    await heading('Users');
    await click('Log out');
    await heading('userstore administration');
    assert.equal(await page(() => sessionStorage.length), 0);
  });

  assert.deepEqual(complaints, [], 'the browser complained');
  asked.delete('null');
  assert.deepEqual([...asked], [new URL(url).origin], 'nothing is asked of other hosts');
  console.log(`${passed} passed, 0 failed`);
} finally {
  const gone = new Promise(resolve => browser.once('exit', resolve));
  browser.kill();
  await gone;
  await rm(profile, {recursive: true, force: true, maxRetries: 5});
}
