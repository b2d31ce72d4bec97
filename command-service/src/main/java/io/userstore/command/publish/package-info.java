/**
 * From the history to the world: each stored event as a published one on Kafka, in commit order, at least once.
 * Touches the event store's tracking processor, the audit log and Kafka; nothing waits for it but those who ask. Also
 * certifies deletions, by what was published of them.
 */
@NullMarked
package io.userstore.command.publish;

import org.jspecify.annotations.NullMarked;
