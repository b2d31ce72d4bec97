package io.userstore.embedded.mongo;

import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.MaxKey;
import de.bwaldvogel.mongo.bson.MinKey;
import de.bwaldvogel.mongo.exception.BadValueException;
import io.userstore.embedded.mongo.ValueTest.Comparison;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a query document. What it does not know it leaves to mongo-java-server.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/operator/query/">Query and Projection Operators</a>
 */
final class FilterParser {

    private FilterParser() {}

    /** @throws de.bwaldvogel.mongo.exception.MongoServerError if the query makes no sense */
    static Filter parse(@Nullable Document query) {
        if (query == null || query.isEmpty()) {
            return Filter.EVERYTHING;
        }
        List<Filter> filters = new ArrayList<>();
        for (Map.Entry<String, Object> clause : query.entrySet()) {
            parseClause(clause.getKey(), clause.getValue(), filters);
        }
        return all(filters);
    }

    private static void parseClause(String key, @Nullable Object value, List<Filter> filters) {
        switch (key) {
            case "$and" -> parseEach(value).forEach(filter -> addFlat(filter, filters));
            case "$or" -> filters.add(new Filter.Any(parseEach(value)));
            case "$nor" -> filters.add(new Filter.Not(new Filter.Any(parseEach(value))));
            case "$comment" -> {}
            default -> {
                if (key.startsWith("$")) {
                    filters.add(stock(key, value));
                } else {
                    parseField(new FieldPath(key), value, filters);
                }
            }
        }
    }

    private static void addFlat(Filter filter, List<Filter> filters) {
        if (filter instanceof Filter.All all) {
            filters.addAll(all.filters());
        } else {
            filters.add(filter);
        }
    }

    private static Filter all(List<Filter> filters) {
        return filters.size() == 1 ? filters.getFirst() : new Filter.All(List.copyOf(filters));
    }

    private static List<Filter> parseEach(@Nullable Object value) {
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            throw new BadValueException("$and/$or/$nor must be a nonempty array");
        }
        List<Filter> filters = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Document query)) {
                throw new BadValueException("$or/$and/$nor entries need to be full objects");
            }
            filters.add(parse(query));
        }
        return filters;
    }

    private static void parseField(FieldPath path, @Nullable Object value, List<Filter> filters) {
        switch (value) {
            case BsonRegularExpression expression -> filters.add(new Filter.Field(path, matching(expression)));
            case Document operators when isOperators(operators) -> parseOperators(path, operators, filters);
            case null -> filters.add(equalTo(path, null));
            default -> filters.add(equalTo(path, value));
        }
    }

    private static boolean isOperators(Document document) {
        return !document.isEmpty() && document.keySet().iterator().next().startsWith("$");
    }

    private static void parseOperators(FieldPath path, Document operators, List<Filter> filters) {
        if (!operators.keySet().stream().allMatch(FilterParser::isKnown) || isReference(operators)) {
            filters.add(stock(path.name(), operators));
            return;
        }
        for (Map.Entry<String, Object> operator : operators.entrySet()) {
            if (!operator.getKey().equals("$options")) {
                filters.add(parseOperator(path, operator.getKey(), operator.getValue(), operators));
            }
        }
    }

    private static boolean isKnown(String operator) {
        return switch (operator) {
            case "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$regex", "$options", "$not" ->
                true;
            default -> false;
        };
    }

    private static boolean isReference(Document operators) {
        return operators.containsKey("$ref");
    }

    private static Filter parseOperator(FieldPath path, String operator, @Nullable Object operand, Document operators) {
        return switch (operator) {
            case "$eq" -> equalTo(path, operand);
            case "$ne" -> new Filter.Not(equalTo(path, operand));
            case "$gt" -> compared(path, operator, Comparison.GREATER, operand);
            case "$gte" -> compared(path, operator, Comparison.GREATER_OR_EQUAL, operand);
            case "$lt" -> compared(path, operator, Comparison.LESS, operand);
            case "$lte" -> compared(path, operator, Comparison.LESS_OR_EQUAL, operand);
            case "$in" -> oneOf(path, operator, operand);
            case "$nin" -> new Filter.Not(oneOf(path, operator, operand));
            case "$exists" -> isTrue(operand) ? new Filter.Exists(path) : new Filter.Not(new Filter.Exists(path));
            case "$regex" -> new Filter.Field(path, matching(expression(operand, operators.get("$options"))));
            case "$not" -> new Filter.Not(negated(path, operand));
            default -> throw new IllegalStateException("not a known operator: " + operator);
        };
    }

    private static Filter equalTo(FieldPath path, @Nullable Object operand) {
        return new Filter.Field(path, new ValueTest.EqualTo(operand));
    }

    private static Filter compared(FieldPath path, String operator, Comparison comparison, @Nullable Object operand) {
        if (operand instanceof Collection<?> || operand instanceof MinKey || operand instanceof MaxKey) {
            return stock(path.name(), new Document(operator, operand));
        }
        return new Filter.Field(path, new ValueTest.Compared(comparison, operand));
    }

    private static Filter oneOf(FieldPath path, String operator, @Nullable Object operand) {
        if (!(operand instanceof Collection<?> operands)) {
            throw new BadValueException(operator + " needs an array");
        }
        List<Filter> alternatives = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (Object value : operands) {
            if (value instanceof BsonRegularExpression expression) {
                alternatives.add(new Filter.Field(path, matching(expression)));
            } else {
                values.add(value);
            }
        }
        Filter byValue = new Filter.Field(path, ValueTest.OneOf.of(values));
        if (alternatives.isEmpty()) {
            return byValue;
        }
        alternatives.add(byValue);
        return new Filter.Any(alternatives);
    }

    private static Filter negated(FieldPath path, @Nullable Object operand) {
        List<Filter> filters = new ArrayList<>();
        if (operand instanceof BsonRegularExpression || operand instanceof Document d && isOperators(d)) {
            parseField(path, operand, filters);
            return all(filters);
        }
        throw new BadValueException("$not needs a regex or a document");
    }

    private static boolean isTrue(@Nullable Object operand) {
        return switch (operand) {
            case null -> false;
            case Boolean bool -> bool;
            case Number number -> number.doubleValue() != 0;
            default -> true;
        };
    }

    private static BsonRegularExpression expression(@Nullable Object operand, @Nullable Object options) {
        if (operand instanceof BsonRegularExpression expression) {
            return options == null
                    ? expression
                    : new BsonRegularExpression(expression.getPattern(), options.toString());
        }
        if (operand instanceof String pattern) {
            return new BsonRegularExpression(pattern, options == null ? "" : options.toString());
        }
        throw new BadValueException("$regex has to be a string");
    }

    private static ValueTest matching(BsonRegularExpression expression) {
        @Nullable String options = expression.getOptions();
        BsonRegularExpression complete =
                new BsonRegularExpression(expression.getPattern(), options == null ? "" : options);
        Pattern pattern = complete.matcher("").pattern();
        return new ValueTest.Matching(pattern, options == null || options.isEmpty() ? prefix(pattern) : "");
    }

    /** The literal text an expression begins with after its anchor; an alternative may begin otherwise. */
    private static String prefix(Pattern pattern) {
        String text = pattern.pattern();
        if (!text.startsWith("^") || text.contains("|")) {
            return "";
        }
        return text.startsWith("^\\Q") ? quotedPrefix(text) : literalPrefix(text);
    }

    private static String quotedPrefix(String text) {
        int start = "^\\Q".length();
        int end = text.indexOf("\\E", start);
        return end < 0 ? text.substring(start) : text.substring(start, end);
    }

    private static String literalPrefix(String text) {
        StringBuilder prefix = new StringBuilder();
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && !Character.isLetterOrDigit(text.charAt(i + 1))) {
                prefix.append(text.charAt(++i));
            } else if ("*?{".indexOf(c) >= 0) {
                prefix.setLength(Math.max(0, prefix.offsetByCodePoints(prefix.length(), prefix.isEmpty() ? 0 : -1)));
                break;
            } else if ("\\^$.[]()+".indexOf(c) >= 0) {
                break;
            } else {
                prefix.append(c);
            }
        }
        return prefix.toString();
    }

    private static Filter stock(String key, @Nullable Object value) {
        return new Filter.Stock(new Document(key, value));
    }
}
