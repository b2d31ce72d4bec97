package io.userstore.audit;

import io.userstore.api.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** How results are printed; options of every command. A row at a time, so that nothing has to fit into memory. */
final class Output {
    /** For people, or for programs: one JSON object per line. */
    enum Form {
        TABLE,
        JSON
    }

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "table, or json: one object per line (default: ${DEFAULT-VALUE}).")
    private Form form = Form.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    boolean isJson() {
        return form == Form.JSON;
    }

    /**
     * A column of a table.
     *
     * @param width characters it has at least
     */
    record Column(String name, int width) {}

    /** The line above a table. */
    void head(PrintWriter out, List<Column> columns) {
        if (!isJson()) {
            line(out, columns, columns.stream().map(Column::name).toList());
        }
    }

    /** One row: its fields by the names of columns; in JSON all of them, in the table those that have a column. */
    void row(PrintWriter out, List<Column> columns, Map<String, ? extends @Nullable Object> fields) {
        if (isJson()) {
            out.println(Json.MAPPER.writeValueAsString(fields));
        } else {
            line(
                    out,
                    columns,
                    columns.stream()
                            .map(column -> text(fields.get(column.name())))
                            .toList());
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case java.time.Instant time -> Json.format(time);
            case JsonNode json when json.isString() -> json.stringValue();
            default -> value.toString();
        };
    }

    private static void line(PrintWriter out, List<Column> columns, List<String> values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String value = values.get(i);
            line.append(value).append(" ".repeat(Math.max(0, columns.get(i).width() - value.length()) + 2));
        }
        out.println(line.toString().stripTrailing());
    }
}
