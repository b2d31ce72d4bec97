package io.userstore.query.projection;

import io.userstore.api.event.EventNumber;

/** An event of a type that this version does not know, of which only the place and the number count. */
public record Skipped(int partition, long offset, EventNumber number) {}
