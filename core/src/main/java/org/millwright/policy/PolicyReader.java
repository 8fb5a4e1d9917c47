package org.millwright.policy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Yaml;
import org.millwright.project.RiskTier;

/** Reads the text of a policy and notes everything that is wrong with it. */
final class PolicyReader {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final int MOST = 200;
    private static final int LONGEST = 500;

    private final String text;
    private static final Set<GovernedAction.Kind> ONLY_DEPLOY = EnumSet.of(GovernedAction.Kind.DEPLOY);

    private final Yaml.Value root;

    PolicyReader(String file, String canonical) {
        this.text = canonical;
        this.root = Yaml.parse(file, canonical);
    }

    Policy read() {
        root.only("apiVersion", "kind", "name", "description", "mode", "applies-to", "requirements");
        expect("apiVersion", "millwright/v1");
        expect("kind", "Policy");
        root.need("mode");
        var policy = new Policy(
                name(root),
                line(root, "description"),
                root.read("mode", Policy.Mode.ENFORCE, "warn, enforce or grant", Policy.Mode::of),
                appliesTo(),
                requirements(),
                Policy.digest(text),
                text);
        if (policy.mode() == Policy.Mode.GRANT && !policy.appliesTo().actions().equals(ONLY_DEPLOY)) {
            root.get("applies-to")
                    .flatMap(map -> map.get("actions"))
                    .or(() -> root.get("applies-to"))
                    .ifPresent(found -> found.error("expected [deploy] alone in a policy that grants"));
        }
        root.finish();
        return policy;
    }

    private void expect(String key, String value) {
        root.need(key)
                .filter(found -> !found.asText().equals(value))
                .ifPresent(found -> found.error("expected '" + value + "', got '" + found.asText() + "'"));
    }

    private static String name(Yaml.Value map) {
        String name = map.text("name");
        if (map.has("name") && !NAME.matcher(name).matches()) {
            map.get("name")
                    .ifPresent(value ->
                            value.error("expected 1-63 of a-z 0-9 - that start with a letter, got '" + name + "'"));
        }
        return name;
    }

    private static String line(Yaml.Value map, String key) {
        String line = map.text(key).strip();
        map.get(key)
                .filter(value -> line.isEmpty() || line.length() > LONGEST)
                .ifPresent(value -> value.error("expected 1 to " + LONGEST + " characters, got " + line.length()));
        return line;
    }

    private AppliesTo appliesTo() {
        Set<GovernedAction.Kind> actions = EnumSet.allOf(GovernedAction.Kind.class);
        var found = root.need("applies-to")
                .filter(Yaml.Value::isMap)
                .map(map -> map.only("scope", "actions", "stages", "risk-tiers"));
        if (found.isEmpty()) {
            root.get("applies-to").ifPresent(Yaml.Value::fields);
            return new AppliesTo(true, actions, List.of(), List.of());
        }
        Yaml.Value map = found.get();
        if (map.need("actions").isPresent()) {
            actions = actions(map);
        }
        List<String> stages = map.texts("stages");
        if (!stages.isEmpty() && actions.stream().noneMatch(GovernedAction.Kind::hasStage)) {
            map.get("stages").ifPresent(value -> value.error("none of the actions happens in a stage"));
        }
        boolean everywhere = map.read("scope", true, "everywhere or named", text -> switch (text) {
            case "everywhere" -> true;
            case "named" -> false;
            default -> throw new IllegalArgumentException(text);
        });
        return new AppliesTo(everywhere, actions, stages, tiers(map));
    }

    private static Set<GovernedAction.Kind> actions(Yaml.Value map) {
        var actions = EnumSet.noneOf(GovernedAction.Kind.class);
        for (Yaml.Value value : map.get("actions").map(Yaml.Value::items).orElse(List.of())) {
            String word = value.asText();
            try {
                actions.add(GovernedAction.Kind.of(word));
            } catch (IllegalArgumentException e) {
                value.error("no action '" + word + "'" + near(word, GovernedAction.Kind.texts()));
            }
        }
        if (actions.isEmpty()) {
            map.get("actions").ifPresent(value -> value.error("expected at least one action"));
            return EnumSet.allOf(GovernedAction.Kind.class);
        }
        return actions;
    }

    private static List<String> tiers(Yaml.Value map) {
        var known = new TreeSet<String>();
        for (RiskTier tier : RiskTier.values()) {
            known.add(tier.text());
        }
        known.add(AppliesTo.NO_TIER);
        var tiers = new ArrayList<String>();
        for (Yaml.Value value : map.get("risk-tiers").map(Yaml.Value::items).orElse(List.of())) {
            String word = value.asText();
            if (!known.contains(word)) {
                value.error("no risk tier '" + word + "'" + near(word, known));
            }
            tiers.add(word);
        }
        return tiers;
    }

    private List<Requirement> requirements() {
        var requirements = new ArrayList<Requirement>();
        var names = new HashSet<String>();
        root.need("requirements").ifPresent(list -> {
            if (!list.isList() || list.items().isEmpty()) {
                list.error("expected a list of at least one {name, check, remedy}");
                return;
            }
            if (list.items().size() > MOST) {
                list.error("expected at most " + MOST + " requirements, got "
                        + list.items().size());
            }
            for (Yaml.Value item : list.items()) {
                item.only("name", "check", "remedy");
                String name = name(item);
                if (!names.add(name)) {
                    item.error("a second requirement named '" + name + "'");
                }
                requirement(name, item, requirements);
            }
        });
        return requirements;
    }

    private static void requirement(String name, Yaml.Value item, List<Requirement> requirements) {
        String remedy = line(item, "remedy");
        String check = item.text("check").strip();
        item.get("check").ifPresent(value -> {
            try {
                requirements.add(
                        new Requirement(name, check, remedy, Policy.language().compile(check)));
            } catch (IllegalArgumentException e) {
                value.error("not an expression of true or false: " + e.getMessage());
            }
        });
    }

    private static String near(String word, java.util.Collection<String> known) {
        return Yaml.nearest(word, known)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse("") + " (known: " + String.join(", ", known) + ")";
    }
}
