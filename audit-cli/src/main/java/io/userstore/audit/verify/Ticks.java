package io.userstore.audit.verify;

/** Is told how far a long work has come. */
@FunctionalInterface
public interface Ticks {
    /**
     * @param doing what is done, for example {@code comparing}
     * @param done of {@code total}
     * @param total 0 where nobody knows
     */
    void at(String doing, long done, long total);
}
