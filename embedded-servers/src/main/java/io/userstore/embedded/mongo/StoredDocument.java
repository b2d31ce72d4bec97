package io.userstore.embedded.mongo;

/**
 * A document as found in its collection's map.
 *
 * @param key the document's key there
 */
record StoredDocument(byte[] key, RawDocument document) {}
