package io.userstore.query.projection;

import io.userstore.api.event.PublishedEvent;

/**
 * One event as it came from the log. The same event may be delivered again, at the same offset (after a restart) or at
 * a later one (when the publisher sent it twice).
 */
public record Delivery(int partition, long offset, PublishedEvent event) {}
