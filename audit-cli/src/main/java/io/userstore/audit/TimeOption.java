package io.userstore.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as people give it: RFC 3339, or a day, which is its beginning in UTC. */
final class TimeOption implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
        try {
            return value.length() == "2026-01-04".length()
                    ? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + value + "' is no time such as 2026-01-04T23:48:34.288Z or 2026-01-04");
        }
    }
}
