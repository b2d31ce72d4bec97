package io.userstore.command.user;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a command wants of one field: leave it, give it a value, or take its value away. */
public sealed interface Change<T> {
    record Keep<T>() implements Change<T> {}

    record Put<T>(T value) implements Change<T> {}

    record Clear<T>() implements Change<T> {}

    static <T> Change<T> keep() {
        return new Keep<>();
    }

    /** {@link Put} for a value, {@link Clear} for null. */
    static <T> Change<T> to(@Nullable T value) {
        return value == null ? new Clear<>() : new Put<>(value);
    }

    /** The field after the change, where {@code now} is the field before it. */
    default @Nullable T after(@Nullable T now) {
        return switch (this) {
            case Keep<T>() -> now;
            case Put<T>(T value) -> value;
            case Clear<T>() -> null;
        };
    }

    /** Whether the change makes a difference to a field that is {@code now}. */
    default boolean alters(@Nullable T now) {
        return !Objects.equals(after(now), now);
    }
}
