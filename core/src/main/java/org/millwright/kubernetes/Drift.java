package org.millwright.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** How what is in a cluster differs from what is wanted. The cluster adds fields of its own, which are no difference. */
final class Drift {
    private Drift() {}

    /** Whether all that is wanted is there. */
    static boolean holds(JsonNode wanted, JsonNode there) {
        if (wanted instanceof ObjectNode fields) {
            return fields.properties().stream().allMatch(field -> holds(field.getValue(), there.path(field.getKey())));
        }
        if (wanted instanceof ArrayNode items) {
            if (!there.isArray() || there.size() != items.size()) {
                return false;
            }
            for (int i = 0; i < items.size(); i++) {
                if (!holds(items.path(i), there.path(i))) {
                    return false;
                }
            }
            return true;
        }
        return wanted.equals(there) || wanted.isNumber() && there.isNumber() && wanted.asLong() == there.asLong();
    }

    /** What is there with all that is wanted; a list of another length than the wanted one is replaced. */
    static JsonNode mended(JsonNode wanted, JsonNode there) {
        if (wanted instanceof ObjectNode fields && there instanceof ObjectNode before) {
            ObjectNode after = before.deepCopy();
            for (Map.Entry<String, JsonNode> field : fields.properties()) {
                after.set(field.getKey(), mended(field.getValue(), before.path(field.getKey())));
            }
            return after;
        }
        if (wanted instanceof ArrayNode items && there.isArray() && there.size() == items.size()) {
            ArrayNode after = items.arrayNode();
            for (int i = 0; i < items.size(); i++) {
                after.add(mended(items.path(i), there.path(i)));
            }
            return after;
        }
        return wanted;
    }
}
