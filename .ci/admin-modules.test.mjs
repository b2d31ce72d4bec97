// The pure modules of the administration page: node --test .ci/admin-modules.test.mjs
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import test from 'node:test';

const folder = new URL('../query-service/src/main/resources/io/userstore/query/rest/admin/', import.meta.url);

/** A module that imports nothing, as the browser gets it. */
const module = async name => import('data:text/javascript;base64,' + (await readFile(new URL(name, folder))).toString('base64'));

const {extraOf, mergePatch, newUser, query, typed} = await module('forms.js');
const {called, changesOf, duration, eventName, shown} = await module('text.js');

const ann = {email: 'ann@example.com', username: null, first_name: 'Ann', last_name: null, is_active: true, extra: {color: 'blue', age: 24}};
const form = changes => ({email: 'ann@example.com', username: '', first_name: 'Ann', last_name: '', group: '', password: '',
  is_active: true, extra: {color: 'blue', age: 24}, ...changes});

test('a form that nobody touched changes nothing', () => assert.deepEqual(mergePatch(ann, form({})), {}));

test('a patch names what differs, and null for what is gone', () => {
  assert.deepEqual(mergePatch(ann, form({first_name: ' ', group: 'cadets', password: 'new one', is_active: false, extra: {age: '24', cool: true}})),
    {first_name: null, group: 'cadets', is_active: false, password: 'new one', extra: {color: null, age: '24', cool: true}});
});

test('a value of extra that is called like a part of every object is a value like any other', () => {
  const {extra, faults} = extraOf([{key: 'constructor', type: 'string', text: 'x'}]);
  assert.equal(faults.size, 0);
  assert.deepEqual(mergePatch({...ann, extra: {}}, form({extra})).extra, {constructor: 'x'});
});

test('values of extra keep their types', () => {
  assert.equal(typed('number', ' 1.5 '), 1.5);
  assert.equal(typed('boolean', 'false'), false);
  assert.equal(typed('string', ' 1 '), ' 1 ');
  for (const wrong of ['', 'x', 'Infinity', 'NaN']) assert.throws(() => typed('number', wrong), RangeError);
  assert.throws(() => typed('boolean', 'yes'), RangeError);
});

test('every wrong row of extra is told by its number', () => {
  const row = (key, text, type = 'string') => ({key, type, text});
  const {faults} = extraOf([row('a', '1'), row('', ''), row('', 'x'), row('a', '2'), row('n', 'x', 'number')]);
  assert.deepEqual([...faults.keys()], [2, 3, 4]);
});

test('a new user has what is filled in and nothing else', () => assert.deepEqual(
  newUser(form({password: 'abcd1234', extra: {}})), {password: 'abcd1234', is_active: true, email: 'ann@example.com', first_name: 'Ann'}));

test('options that are not set are not sent, and others are encoded', () =>
  assert.equal(query({q: 'a&b=c', group: '', after: null, limit: 25}), '?q=a%26b%3Dc&limit=25'));

test('a user is called by the best name there is', () => {
  assert.equal(called(ann), 'Ann');
  assert.equal(called({id: '1', username: 'tiny'}), 'tiny');
  assert.equal(called({id: '1', email: null}), '1');
});

test('the history reads in all its forms', () => {
  assert.deepEqual(changesOf({changes: [{field: 'email', old: 'a', new: 'b'}], changed: ['email']}), [{field: 'email', old: 'a', new: 'b'}]);
  assert.deepEqual(changesOf({changed: ['group']}), [{field: 'group'}]);
  assert.deepEqual(changesOf({changed: {group: {old: null, new: 'x'}}}), [{field: 'group', old: null, new: 'x'}]);
  assert.deepEqual(changesOf({}), []);
  assert.equal(eventName('user.login-recorded'), 'Login recorded');
  assert.equal(shown(null), '–');
  assert.equal(shown({a: 1}), '{"a":1}');
});

test('a duration that nobody knows is unknown', () => {
  assert.equal(duration(undefined), 'unknown');
  assert.equal(duration(0), '0 s');
  assert.equal(duration(5400), '1 h 30 min');
});
