package io.smc4j.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, strings, doubles and booleans. The parser's own limits hold: depth, lengths of names, strings and numbers. */
final class JsonTree {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {
    }

    /**
     * The one value of a text.
     *
     * @throws IOException where it is no JSON, with the line
     */
    static Object parse(byte[] text) throws IOException {
        try (JsonParser p = FACTORY.createParser(new String(text, StandardCharsets.UTF_8))) {
            if (p.nextToken() == null) {
                throw new IOException("empty");
            }
            Object value = value(p);
            if (p.nextToken() != null) {
                throw new IOException("something stands behind the end, in line " + p.currentLocation().getLineNr());
            }
            return value;
        }
    }

    private static Object value(JsonParser p) throws IOException {
        JsonToken t = p.currentToken();
        if (t == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (p.nextToken() == JsonToken.FIELD_NAME) {
                String name = p.currentName();
                p.nextToken();
                map.put(name, value(p));
            }
            return map;
        }
        if (t == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (p.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(p));
            }
            return list;
        }
        return t.isNumeric() ? (Object) p.getDoubleValue() : t == JsonToken.VALUE_STRING ? p.getText() : t.isBoolean() ? p.getBooleanValue() : null;
    }
}
