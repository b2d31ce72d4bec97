// Follows all events, drops duplicates, notices gaps, and opens what is personal when it is given the master key.
//
//   npm install kafkajs jose
//   USERSTORE_MASTER_KEY=… node consumer.mjs [broker]
//
// Remembers in memory only: a real consumer keeps the last numbers with its own data, in the same transaction.
import { createHmac } from 'node:crypto';
import { Kafka } from 'kafkajs';
import { compactDecrypt } from 'jose';

const kafka = new Kafka({ brokers: [process.argv[2] ?? '127.0.0.1:9092'] });
const admin = kafka.admin();
const wrapping = wrappingKey(process.env.USERSTORE_MASTER_KEY);
const keys = new Map(); // user id → key
const read = new Map(); // partition of the keys' topic → the next offset to be read
const last = new Map(); // user id and stream → number of the last event

/** What users' keys are wrapped with comes from the master key, for this use only. */
function wrappingKey(text) {
  if (!text) return null;
  const master = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return createHmac('sha256', master).update('user-keys').digest();
}

async function learnKey(userId, wrapped) {
  if (wrapped === null) {
    keys.delete(userId); // The user is gone: forget whatever the key has opened, too.
  } else if (wrapping) {
    const { plaintext } = await compactDecrypt(wrapped.toString(), wrapping);
    const jwk = JSON.parse(new TextDecoder().decode(plaintext));
    keys.set(userId, Buffer.from(jwk.k, 'base64url'));
  }
}

/** A key is published before the first event that it opens: one that is missing once all are read is gone. */
async function open(userId, personal) {
  if (typeof personal !== 'string' || !wrapping) return personal;
  if (!keys.has(userId)) await keysAreRead();
  if (!keys.has(userId)) return '(erased)';
  const { plaintext } = await compactDecrypt(personal, keys.get(userId));
  return JSON.parse(new TextDecoder().decode(plaintext));
}

/** False for an event that was there before. */
function isNext(event) {
  const stream = event.version === undefined ? 'sign-ins' : 'user';
  const number = event.version ?? event.login_sequence;
  const before = last.get(event.user_id + stream) ?? 0;
  if (number <= before) return false;
  if (number !== before + 1) console.error(`events of ${event.user_id} are missing before ${number}`);
  last.set(event.user_id + stream, number);
  return true;
}

async function onEvent(message) {
  const event = JSON.parse(message.value.toString());
  if (!isNext(event)) return;
  const personal = await open(event.user_id, event.data.personal);
  console.log(message.headers.ce_time.toString(), message.headers.ce_type.toString(), event.user_id, personal ?? '');
}

/** Reads the topic of keys, and goes on reading. */
async function followKeys() {
  const reader = kafka.consumer({ groupId: `example-keys-${process.pid}` });
  await reader.connect();
  await reader.subscribe({ topic: 'userstore.keys', fromBeginning: true });
  await reader.run({
    eachBatch: async ({ batch, heartbeat }) => {
      for (const message of batch.messages) await learnKey(message.key.toString(), message.value);
      read.set(batch.partition, BigInt(batch.lastOffset()) + 1n);
      await heartbeat();
    },
  });
}

/** Comes back once all is read that the topic of keys holds now. */
async function keysAreRead() {
  const ends = await admin.fetchTopicOffsets('userstore.keys');
  const isBehind = ({ partition, low, high }) => low !== high && (read.get(partition) ?? 0n) < BigInt(high);
  while (ends.some(isBehind)) await new Promise((done) => setTimeout(done, 20));
}

await admin.connect();
await followKeys();
const reader = kafka.consumer({ groupId: `example-events-${process.pid}` });
await reader.connect();
await reader.subscribe({ topic: 'userstore.events', fromBeginning: true });
await reader.run({ eachMessage: ({ message }) => onEvent(message) });
