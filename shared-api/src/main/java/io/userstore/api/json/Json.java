package io.userstore.api.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * The JSON conventions of the contract: snake case names, RFC 3339 times in UTC with exactly three digits of a
 * second, absent values left out, unknown fields ignored (which is what makes adding a field a compatible change).
 *
 * <p>Immutable and thread-safe.
 */
public final class Json {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The mapper for everything that is written down: events, progress reports, answers. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addModule(times())
            .build();

    private Json() {}

    /** Writes times as {@link #format(Instant)} does; for mappers with conventions of their own. */
    public static JacksonModule times() {
        return new SimpleModule("userstore-times").addSerializer(Instant.class, new InstantSerializer());
    }

    /**
     * A time as the contract writes it, for example {@code 2026-01-04T23:48:34.288Z}.
     *
     * @param time any time; what is finer than a millisecond is cut off
     */
    public static String format(Instant time) {
        return MILLIS.format(time);
    }

    private static final class InstantSerializer extends StdSerializer<Instant> {
        InstantSerializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(format(value));
        }
    }
}
