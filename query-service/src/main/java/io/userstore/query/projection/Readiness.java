package io.userstore.query.projection;

/** Whether reads may be answered: not before the projections have applied what was in the log at start. */
@FunctionalInterface
public interface Readiness {
    boolean isReady();
}
