package org.millwright.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millwright.kernel.Json;

/**
 * Texts that name people stay outside the leaves: a leaf holds a salted digest, the text lies beside it and can be erased.
 *
 * <p>Which text names someone is asked of who knows the people; an e-mail address always does.
 */
final class Personal {
    /** Under this name a leaf holds the digest in the text's place. */
    static final String SALTED = "salted";
    /** What stands where a text was erased. */
    static final String FORGOTTEN = "(forgotten)";

    /** Details that people write in their own words; a name or an address may stand in them. */
    private static final Set<String> WORDS = Set.of(
            "owner",
            "purpose",
            "reason",
            "note",
            "title",
            "target",
            "name",
            "display",
            "value",
            "email",
            "comment",
            "message",
            "detail",
            "instructions",
            "recipients");

    private static final SecureRandom RANDOM = new SecureRandom();

    /** A text beside a leaf; {@code field} is its JSON pointer in the details. */
    record Kept(String entryId, String field, String salt, String plain) {
        String digest() {
            return Json.sha256((salt + ":" + plain).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Details as they enter the leaf, and what is kept beside it. */
    record Concealed(JsonNode details, List<Kept> kept) {}

    private Personal() {}

    static Concealed conceal(String entryId, JsonNode details, People people) {
        var found = new ArrayList<Kept>();
        find(entryId, "", "", details, people, found);
        if (found.isEmpty()) {
            return new Concealed(details, found);
        }
        JsonNode concealed = details.deepCopy();
        found.forEach(kept -> replace(concealed, kept.field(), Json.object().put(SALTED, kept.digest())));
        return new Concealed(concealed, found);
    }

    private static void find(
            String entryId, String pointer, String name, JsonNode at, People people, List<Kept> found) {
        if (at.isTextual()) {
            String text = at.asText();
            if (hasAddress(text) || WORDS.contains(name) && people.areNamedIn(text)) {
                var salt = new byte[16];
                RANDOM.nextBytes(salt);
                found.add(new Kept(entryId, pointer, HexFormat.of().formatHex(salt), text));
            }
        } else if (at.isArray()) {
            for (int i = 0; i < at.size(); i++) {
                find(entryId, pointer + "/" + i, name, at.get(i), people, found);
            }
        } else {
            at.properties().forEach(field -> {
                String key = field.getKey().replace("~", "~0").replace("/", "~1");
                find(entryId, pointer + "/" + key, field.getKey(), field.getValue(), people, found);
            });
        }
    }

    /** The details with the texts that are still kept in their places. */
    static JsonNode reveal(JsonNode details, Map<String, String> kept) {
        JsonNode revealed = details.deepCopy();
        reveal(revealed, "", kept);
        return revealed;
    }

    private static void reveal(JsonNode at, String pointer, Map<String, String> kept) {
        if (at instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String inside = pointer + "/" + i;
                if (isSalted(array.get(i))) {
                    array.set(i, new TextNode(kept.getOrDefault(inside, FORGOTTEN)));
                } else {
                    reveal(array.get(i), inside, kept);
                }
            }
        } else if (at instanceof ObjectNode object) {
            for (String name : new ArrayList<>(
                    object.propertyStream().map(Map.Entry::getKey).toList())) {
                String inside = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
                JsonNode value = object.path(name);
                if (isSalted(value)) {
                    object.put(name, kept.getOrDefault(inside, FORGOTTEN));
                } else {
                    reveal(value, inside, kept);
                }
            }
        }
    }

    private static boolean isSalted(JsonNode node) {
        return node.isObject() && node.size() == 1 && node.path(SALTED).asText().length() == 64;
    }

    private static void replace(JsonNode root, String pointer, JsonNode by) {
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = root.at(pointer.substring(0, slash));
        String last = pointer.substring(slash + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(last), by);
        } else {
            ((ObjectNode) parent).set(last.replace("~1", "/").replace("~0", "~"), by);
        }
    }

    /** Whether something in the text has the form of an e-mail address. */
    static boolean hasAddress(String text) {
        for (int at = text.indexOf('@', 1); at > 0; at = text.indexOf('@', at + 1)) {
            if (Character.isLetterOrDigit(text.charAt(at - 1)) && isHost(text, at + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a name with a dot and at least two letters after it begins here. */
    private static boolean isHost(String text, int from) {
        int letters = 0;
        boolean dotted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && i > from) {
                dotted = true;
                letters = 0;
            } else if (Character.isLetter(c)) {
                letters++;
            } else if (Character.isDigit(c) || c == '-') {
                letters = 0;
            } else {
                break;
            }
        }
        return dotted && letters >= 2;
    }
}
