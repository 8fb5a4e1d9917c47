package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.policy.Policy;
import org.millwright.policy.PolicyCases;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw policy}: what is asked of every version, as code. */
@Command(
        name = "policy",
        description = "Policies as code: what is in force, what they decided, and what another one would decide.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand {
    private static final String[] LISTED = {
        "name", "mode", "actions=about", "where", "version=short", "by=activatedBy", "since=at:activatedAt"
    };
    private static final String[] FINDINGS = {"policy", "requirement", "outcome", "why", "remedy"};

    @Command(name = "list", description = "Every policy and what is in force of it.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        ArrayNode rows = Json.array();
        shared.client().get("/api/1/policies").path("policies").forEach(policy -> {
            rows.add(told(policy));
            if (policy.has("altered")) {
                shared.say("Policy " + policy.path("name").asText() + " was altered in the database: "
                        + policy.path("altered").asText()
                        + "; nothing that policies govern is let through. Publish the text that was agreed again and let"
                        + " another person put it in force: mw policy publish FILE");
            }
        });
        return shared.list(rows, LISTED);
    }

    private static ObjectNode told(JsonNode policy) {
        ObjectNode row = policy.deepCopy();
        String where = joined(policy.path("riskTiers"), "tier ") + " " + joined(policy.path("stages"), "stage ");
        if (policy.has("altered")) {
            row.put("mode", "altered");
        }
        row.put("short", Texts.brief(policy.path("digest").asText()));
        return row.put("about", joined(policy.path("actions"), ""))
                .put("where", (policy.path("scope").asText().equals("named") ? "where named " : "") + where.strip());
    }

    private static String joined(JsonNode list, String before) {
        var text = new StringBuilder();
        list.forEach(item -> text.append(text.isEmpty() ? before : ", ").append(item.asText()));
        return text.toString();
    }

    @Command(
            name = "show",
            description = "The requirements in force and every version; with --text the text of one.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--text", description = "Only the text.") boolean text,
            @Option(names = "--digest", paramLabel = "DIGEST", description = "Of this version; else what is in force.")
                    Optional<String> version) {
        JsonNode policy = shared.client().get("/api/1/policies/" + Client.part(name));
        if (text || version.isPresent()) {
            shared.print(text(policy, version).stripTrailing());
            return Exit.OK;
        }
        if (!shared.isTable()) {
            return shared.show(policy, "name");
        }
        shared.list(policy.path("requirements"), "requirement=name", "check", "remedy");
        shared.print("");
        return shared.list(
                policy.path("all"), "version=digest", "by=publishedBy", "published=at:publishedAt", "in-force=inForce");
    }

    private static String text(JsonNode policy, Optional<String> version) {
        for (JsonNode each : policy.path("all")) {
            boolean asked = version.isPresent()
                    ? each.path("digest").asText().startsWith(version.get())
                    : each.path("inForce").asBoolean();
            if (asked) {
                return each.path("text").asText();
            }
        }
        String name = policy.path("name").asText();
        throw new Problem.NotFound(
                version.isPresent()
                        ? "No version of policy " + name + " begins with '" + version.get() + "'"
                        : "Nothing of policy " + name + " is in force",
                "mw policy show " + name);
    }

    @Command(
            name = "publish",
            description = "Publish a version; it counts when another person puts it in force.",
            mixinStandardHelpOptions = true)
    int publish(@Mixin Shared shared, @Parameters(paramLabel = "FILE") Path file) {
        String text = read(shared, file);
        Policy policy = Policy.parse(file.toString(), text);
        JsonNode version = shared.client().post("/api/1/policies", Json.object().put("file", text));
        shared.say("Another person puts it in force: mw policy activate " + policy.name() + " "
                + Texts.brief(policy.digest()) + " --reason … --as NAME");
        return shared.show(version, "name", "digest", "by=publishedBy", "published=at:publishedAt");
    }

    @Command(
            name = "activate",
            description = "Put a published version in force, by another person than who published it.",
            mixinStandardHelpOptions = true)
    int activate(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "DIGEST", arity = "0..1", description = "Or its beginning; else the newest.")
                    Optional<String> digest,
            @Option(names = "--reason", description = "Why.", required = true) String reason) {
        ObjectNode body = Json.object().put("reason", reason);
        digest.ifPresent(text -> body.put("digest", text));
        JsonNode version = shared.client().post("/api/1/policies/" + Client.part(name) + "/activate", body);
        return shared.show(version, "name", "digest", "by=publishedBy", "published=at:publishedAt");
    }

    @Command(
            name = "retire",
            description = "Take a policy out of force, by another person than who put it there.",
            mixinStandardHelpOptions = true)
    int retire(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", description = "Why.", required = true) String reason) {
        ObjectNode body = Json.object().put("reason", reason);
        return shared.show(shared.client().post("/api/1/policies/" + Client.part(name) + "/retire", body), "retired");
    }

    @Command(
            name = "test",
            description = "Judge the cases of a file beside the policy, without a server; exits 6 when one differs.",
            mixinStandardHelpOptions = true)
    int test(
            @Mixin Shared shared,
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--cases", paramLabel = "FILE", description = "Else FILE with .cases before its ending.")
                    Optional<Path> cases) {
        Policy policy = Policy.parse(file.toString(), read(shared, file));
        Path beside = cases.orElseGet(() -> Path.of(file.toString().replaceFirst("(\\.ya?ml)?$", ".cases.yaml")));
        PolicyCases read = PolicyCases.parse(beside.toString(), read(shared, beside), policy);
        var results = read.run(policy);
        shared.list(Json.tree(results), "case=name", "requirement", "expected", "actual", "why=detail");
        long wrong = results.stream().filter(result -> !result.matches()).count();
        shared.say(policy.name() + " " + Texts.brief(policy.digest()) + ": " + (results.size() - wrong) + " of "
                + results.size() + " as expected");
        var untested = read.untested(policy);
        if (!untested.isEmpty()) {
            shared.say("No case lets pass and none stops by: " + String.join(", ", untested));
        }
        return wrong == 0 ? Exit.OK : Exit.REFUSED;
    }

    @Command(
            name = "dry-run",
            description = "Judge past decisions and releases by a policy that is not in force.",
            mixinStandardHelpOptions = true)
    int dryRun(
            @Mixin Shared shared,
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--since", paramLabel = "WHEN", description = "A date such as 2026-03-01, or days: 90d.")
                    Optional<String> since,
            @Option(names = "--all", description = "Also what it would have let pass.") boolean all) {
        String text = read(shared, file);
        Policy.parse(file.toString(), text);
        ObjectNode body = Json.object().put("file", text).put("since", Long.toString(millis(since)));
        JsonNode answer = shared.client().post("/api/1/policies/dry-run", body);
        ArrayNode rows = Json.array();
        int stopped = 0;
        for (JsonNode each : answer.path("tried")) {
            boolean stops = each.path("stopped").asBoolean();
            stopped += stops ? 1 : 0;
            if (stops || all) {
                rows.add(((ObjectNode) each.deepCopy())
                        .put("would", stops ? "stop" : "pass")
                        .put("why", why(each.path("missing"))));
            }
        }
        shared.list(rows, "ref", "action", "subject", "target", "then", "would", "why", "at:at");
        shared.say("It would have stopped " + stopped + " of "
                + answer.path("tried").size());
        return Exit.OK;
    }

    private static String why(JsonNode missing) {
        var why = new StringBuilder();
        missing.forEach(finding -> why.append(why.isEmpty() ? "" : ", ")
                .append(finding.path("requirement").asText())
                .append(finding.path("outcome").asText().equals("unknown") ? " (unknown)" : ""));
        return why.toString();
    }

    private static long millis(Optional<String> since) {
        if (since.isEmpty()) {
            return 0;
        }
        String text = since.get();
        try {
            return text.matches("[0-9]{1,5}d")
                    ? Clock.systemUTC().millis()
                            - Duration.ofDays(Long.parseLong(text.replace("d", "")))
                                    .toMillis()
                    : LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid(
                    "--since " + text + " (expected: a date such as 2026-03-01, or days such as 90d)");
        }
    }

    @Command(
            name = "explain",
            description = "Judge a decision again, by the texts and inputs that were kept; exits 6 if it comes out"
                    + " otherwise.",
            mixinStandardHelpOptions = true)
    int explain(
            @Mixin Shared shared,
            @Parameters(paramLabel = "gate:ID") String gate,
            @Option(names = "--inputs", description = "Only the document that the requirements saw.") boolean inputs) {
        String id = gate.startsWith("gate:") ? gate.substring("gate:".length()) : gate;
        JsonNode explained = shared.client().get("/api/1/gates/" + Client.part(id) + "/explain");
        if (inputs) {
            shared.print(explained.path("document").toPrettyString());
            return Exit.OK;
        }
        boolean same = explained.path("same").asBoolean();
        if (shared.isTable()) {
            ArrayNode rows = Json.array();
            explained.path(same ? "findings" : "again").forEach(finding -> rows.add(reasoned(finding)));
            shared.list(rows, FINDINGS);
            shared.say(explained.path("outcome").asText() + " "
                    + explained.path("action").asText() + " of "
                    + explained.path("subject").asText() + " on "
                    + Texts.time(explained.path("at").asLong()) + " by "
                    + explained.path("by").asText() + "; judged again on the inputs that were kept it comes out "
                    + (same ? "the same" : "OTHERWISE"));
        } else {
            shared.show(explained, "ref");
        }
        return same ? Exit.OK : Exit.REFUSED;
    }

    private static ObjectNode reasoned(JsonNode finding) {
        ObjectNode row = finding.deepCopy();
        String detail = finding.path("detail").asText();
        String check = finding.path("check").asText();
        return row.put("why", detail.isEmpty() ? check : check + ": " + detail);
    }

    @Command(name = "decisions", description = "What was decided, newest first.", mixinStandardHelpOptions = true)
    int decisions(
            @Mixin Shared shared,
            @Option(names = "--policy", paramLabel = "NAME", description = "Only by this one.")
                    Optional<String> policy) {
        String query = policy.map(name -> "?policy=" + Client.part(name)).orElse("");
        ArrayNode rows = Json.array();
        shared.client().get("/api/1/gates" + query).path("decisions").forEach(decision -> {
            ArrayNode missing = Json.array();
            decision.path("findings").forEach(finding -> {
                if (!finding.path("outcome").asText().equals("pass")) {
                    missing.add(finding);
                }
            });
            rows.add(((ObjectNode) decision.deepCopy()).put("missing", why(missing)));
        });
        return shared.list(rows, "ref", "outcome", "action", "subject", "target", "stage", "missing", "by", "at:at");
    }

    @Command(
            name = "fields",
            description = "What checks may speak of, with what each value means.",
            mixinStandardHelpOptions = true)
    int fields(@Mixin Shared shared) {
        return shared.list(Json.tree(Policy.language().vocabulary().entries()), "field=path", "kind", "meaning");
    }

    private static String read(Shared shared, Path file) {
        Path path = shared.around().resolve(file);
        try {
            return Files.readString(path);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new Problem.NotFound("No file " + file, "mw policy show tier-low --text is one to begin with");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
