package io.userstore.audit.readmodel;

import java.util.List;

/**
 * What of the read models was looked at.
 *
 * @param users documents of users
 * @param totals documents of totals, those of groups among them
 * @param entries of the activity
 * @param behind events that the read models had not taken yet, and that were left out
 * @param notes what was not compared, in sentences
 */
public record ReadModelReport(long users, long totals, long entries, long behind, List<String> notes) {}
