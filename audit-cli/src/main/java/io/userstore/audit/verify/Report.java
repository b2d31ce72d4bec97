package io.userstore.audit.verify;

/**
 * What was looked at.
 *
 * @param records of the log
 * @param repeated records that came before, which is no fault
 * @param leaves of the tree
 * @param heads that were signed
 * @param covered leaves that a signed head fits
 * @param waiting stored events that are not published yet
 */
public record Report(long records, long repeated, long leaves, long heads, long covered, long waiting) {}
