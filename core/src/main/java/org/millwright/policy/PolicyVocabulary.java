package org.millwright.policy;

import static org.millwright.policy.Shape.Plain.FLAG;
import static org.millwright.policy.Shape.Plain.NUMBER;
import static org.millwright.policy.Shape.Plain.TEXT;
import static org.millwright.policy.Shape.Plain.WHOLE;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a policy's checks may speak of. A value that the record does not hold is missing, and what asks for it never passes. */
public final class PolicyVocabulary {
    /** Its parts in the order in which people read them. */
    public static final Vocabulary VOCABULARY = new Vocabulary(all());

    /** What the measure of a condition may speak of: the record, but not the request, nor conditions themselves. */
    public static final Vocabulary MEASURES = new Vocabulary(measured());

    private PolicyVocabulary() {}

    private static Map<String, Shape.Field> all() {
        var all = new LinkedHashMap<String, Shape.Field>();
        put(all, "request", request(), "what is asked for");
        put(all, "version", version(), "the model version");
        put(all, "metrics", new Shape.MapOf(NUMBER), "its metrics on held-out rows, else those of its run");
        put(all, "champion", champion(), "what was in production when it was evaluated");
        put(all, "data", data(), "what it learnt from");
        put(all, "scans", scans(), "what scanners found; missing until something was scanned");
        put(all, "approvals", approvals(), "what people decided about the version");
        put(all, "findings", findings(), "what validators hold against the model, whatever version it was found on");
        put(all, "conditions", conditions(), "what earlier approvals of the model were given under");
        put(all, "reproduction", reproduction(), "what came of making the version again");
        put(all, "agreement", agreement(), "what is agreed about the model");
        put(
                all,
                "environment",
                environment(),
                "the Python environment it was made in; missing when no pipeline made it");
        put(all, "certificate", certificate(), "the version's certificate");
        put(all, "project", project(), "the project that governs the model; missing when none does");
        return all;
    }

    private static Map<String, Shape.Field> measured() {
        Map<String, Shape.Field> measured = all();
        measured.remove("request");
        measured.remove("conditions");
        return measured;
    }

    private static void put(Map<String, Shape.Field> fields, String name, Shape shape, String meaning) {
        fields.put(name, new Shape.Field(shape, meaning));
    }

    /** A builder of fields, as there are many. */
    private static final class Of {
        private final String name;
        private final Map<String, Shape.Field> fields = new LinkedHashMap<>();

        Of(String name) {
            this.name = name;
        }

        Of with(String field, Shape shape, String meaning) {
            put(fields, field, shape, meaning);
            return this;
        }

        Shape.Fields fields() {
            return new Shape.Fields(name, fields);
        }
    }

    private static Shape request() {
        return new Of("request")
                .with(
                        "action",
                        TEXT,
                        "register, alias, stage, deploy, traffic, promote, auto-promote, delete or export")
                .with("stage", TEXT, "the project's stage, such as production; \"\" where there is none")
                .with("target", TEXT, "the alias, the registry's stage, the deployment or the place; or \"\"")
                .with("by", TEXT, "id of who asks")
                .with("person", FLAG, "whether a person asks, not a program or Millwright itself")
                .with("percent", WHOLE, "share of the requests that it is about")
                .fields();
    }

    private static Shape version() {
        return new Of("version")
                .with("model", TEXT, "name of the model")
                .with("number", WHOLE, "missing before it is registered")
                .with("state", TEXT, "registered, bundled, disagreed, blocked, agreed or certified")
                .with("source", TEXT, "where its files came from, as the client said")
                .with("made_by", TEXT, "id of who registered it")
                .with("age_days", WHOLE, "full days since it was registered")
                .with("tags", new Shape.MapOf(TEXT), "its tags")
                .with("aliases", new Shape.ListOf(TEXT), "the aliases that point to it")
                .with("pipeline", TEXT, "the pipeline that made it")
                .with("retrained", FLAG, "whether a trigger started that, not a person")
                .with("bundle", FLAG, "whether it has a portable form")
                .with("handoff", handOff(), "how that compares with the original model")
                .fields();
    }

    private static Shape handOff() {
        return new Of("handoff")
                .with("agreed", FLAG, "whether Python and Java agree, and nothing blocks")
                .with("rows", WHOLE, "rows that both scored")
                .with("largest", NUMBER, "the largest difference")
                .with("tolerance", NUMBER, "the difference that is allowed")
                .with("blocking", new Shape.ListOf(TEXT), "classes of edge rows that differ and are let in")
                .fields();
    }

    private static Shape champion() {
        return new Of("champion")
                .with("exists", FLAG, "whether there was one")
                .with("metrics", new Shape.MapOf(NUMBER), "its metrics on the same rows")
                .fields();
    }

    private static Shape data() {
        return new Of("data")
                .with("rows", new Shape.MapOf(WHOLE), "rows by dataset")
                .with("classifications", new Shape.ListOf(TEXT), "how confidential the project's data is")
                .fields();
    }

    private static Shape scans() {
        return new Of("scans")
                .with("verdict", TEXT, "clean, findings or unknown")
                .with("critical", WHOLE, "open findings of that severity")
                .with("high", WHOLE, "open findings of that severity")
                .with("age_days", WHOLE, "full days since the newest scan")
                .fields();
    }

    private static Shape approvals() {
        Shape item = new Of("approval")
                .with("kind", TEXT, "release or alias")
                .with("subject", TEXT, "what was approved")
                .with("by", TEXT, "id of who approved")
                .with("asked_by", TEXT, "id of who asked")
                .with("age_days", WHOLE, "full days since")
                .with("covers", FLAG, "whether it is bound to exactly what the version is now")
                .fields();
        return new Of("approvals")
                .with("cleared", FLAG, "whether an approved release covers the version as it is now")
                .with("people", WHOLE, "how many people approved exactly what the version is now")
                .with("items", new Shape.ListOf(item), "every approval that was granted")
                .fields();
    }

    private static Shape findings() {
        return new Of("findings")
                .with("open", WHOLE, "how many are neither closed nor waived")
                .with("critical", WHOLE, "open ones of that severity")
                .with("high", WHOLE, "open ones of that severity")
                .with("medium", WHOLE, "open ones of that severity")
                .with("low", WHOLE, "open ones of that severity")
                .with("blocking", WHOLE, "open ones that let no release be approved")
                .with("overdue", WHOLE, "open ones that were to be mended by now")
                .with("waived", WHOLE, "those that an approver lets pass for a time")
                .fields();
    }

    private static Shape conditions() {
        Shape item = new Of("condition")
                .with("id", TEXT, "its id, for mw approve meet")
                .with("text", TEXT, "what must be done")
                .with("measure", TEXT, "the expression that tells; \"\" where people say so")
                .with("days_left", WHOLE, "full days until it is due, negative when it was")
                .with("broken", FLAG, "whether it is due, and neither met nor kept by its measure")
                .fields();
        return new Of("conditions")
                .with("open", WHOLE, "how many are to be met later")
                .with("broken", WHOLE, "how many are due, and neither met nor kept by their measure")
                .with("items", new Shape.ListOf(item), "every one that nobody called met")
                .fields();
    }

    private static Shape reproduction() {
        return new Of("reproduction")
                .with("exists", FLAG, "whether it was made again, or that was tried")
                .with("reproduces", FLAG, "whether the newest verdict says that the record still gives this model")
                .with("verdict", TEXT, "BIT_IDENTICAL, SAME_PREDICTIONS, WITHIN_TOLERANCE, DIFFERENT or CANNOT_RERUN")
                .with("age_days", WHOLE, "full days since that verdict")
                .fields();
    }

    private static Shape agreement() {
        return new Of("agreement")
                .with("in_force", FLAG, "whether both roles accepted one")
                .with("clauses", new Shape.ListOf(TEXT), "its clauses, such as performance or drift")
                .with("retrains", FLAG, "whether it says what trains again")
                .with("investigator", TEXT, "who is named in alerts")
                .fields();
    }

    private static Shape environment() {
        return new Of("environment")
                .with("locked", FLAG, "whether a pipeline made it, with every package pinned by its hash")
                .with("python", TEXT, "version of Python")
                .with("threads", WHOLE, "threads that numeric libraries might use")
                .fields();
    }

    private static Shape certificate() {
        return new Of("certificate")
                .with("exists", FLAG, "whether the version was certified")
                .with("revoked", FLAG, "whether that was taken back")
                .with("expired", FLAG, "whether its time is over")
                .with("days_left", WHOLE, "full days until it expires; missing when it does not")
                .fields();
    }

    private static Shape project() {
        return new Of("project")
                .with("name", TEXT, "its name")
                .with("state", TEXT, "requested, active, refused, paused or retired")
                .with("risk_tier", TEXT, "minimal, low, medium or high")
                .with("owner", TEXT, "user name of the owner")
                .fields();
    }
}
