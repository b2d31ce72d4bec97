package io.userstore.api.event;

/**
 * Which event of a user it is: what can be told also of one whose type is not known.
 *
 * @param sequence the event's number within the stream, from 1, without gaps
 */
public record EventNumber(String userId, EventStream stream, long sequence) {}
