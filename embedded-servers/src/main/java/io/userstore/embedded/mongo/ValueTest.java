package io.userstore.embedded.mongo;

import io.userstore.embedded.mongo.KeyBytes.BsonKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked of a single value. A missing field counts as null. */
sealed interface ValueTest extends Predicate<@Nullable Object> {

    record EqualTo(@Nullable Object operand) implements ValueTest {
        @Override
        public boolean test(@Nullable Object value) {
            return BsonOrder.isEqual(value, operand);
        }
    }

    /** A value of another type is neither less nor greater. */
    record Compared(Comparison comparison, @Nullable Object operand) implements ValueTest {
        @Override
        public boolean test(@Nullable Object value) {
            if (!BsonOrder.isSameKind(value, operand)) {
                return false;
            }
            int order = BsonOrder.compare(value, operand);
            return switch (comparison) {
                case GREATER -> order > 0;
                case GREATER_OR_EQUAL -> order >= 0;
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
            };
        }
    }

    enum Comparison {
        GREATER,
        GREATER_OR_EQUAL,
        LESS,
        LESS_OR_EQUAL
    }

    /** @param keys the operands' {@link KeyBytes} */
    record OneOf(List<@Nullable Object> operands, Set<ByteBuffer> keys) implements ValueTest {

        static OneOf of(Collection<?> operands) {
            return new OneOf(new ArrayList<>(operands), keys(operands));
        }

        private static Set<ByteBuffer> keys(Collection<?> operands) {
            Set<ByteBuffer> keys = new HashSet<>();
            for (Object operand : operands) {
                keys.add(ByteBuffer.wrap(KeyBytes.of(operand)));
            }
            return keys;
        }

        @Override
        public boolean test(@Nullable Object value) {
            return keys.contains(ByteBuffer.wrap(KeyBytes.of(value)));
        }
    }

    /** @param prefix what each string that matches must begin with, perhaps nothing */
    record Matching(Pattern pattern, String prefix) implements ValueTest {
        @Override
        public boolean test(@Nullable Object value) {
            return value instanceof String string && pattern.matcher(string).find();
        }
    }

    static boolean isNull(@Nullable Object operand) {
        return BsonKind.of(operand) == BsonKind.NULL;
    }
}
