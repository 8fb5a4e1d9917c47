package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificates;
import org.millwright.project.Projects;
import org.millwright.registry.AliasGuard;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;

/**
 * Lets the names that a project protects, such as {@code champion}, move only as people decided.
 *
 * <p>Who moves one is refused in one line, and an approval is asked for, once. When it is granted the name moves by itself.
 * Every other alias is free, and so is every model that no project governs.
 */
public final class ProtectedNames implements AliasGuard {
    private static final String KIND = "alias";

    private final Projects projects;
    private final Models models;
    private final Versions versions;
    private final Approvals approvals;
    private final Certificates certificates;
    private final Supplier<String> address;

    /** @param address URL of this server, for whoever was refused */
    public ProtectedNames(
            Projects projects,
            Models models,
            Versions versions,
            Approvals approvals,
            Certificates certificates,
            Supplier<String> address) {
        this.projects = projects;
        this.models = models;
        this.versions = versions;
        this.approvals = approvals;
        this.certificates = certificates;
        this.address = address;
        models.guard(this);
        approvals.matters().bind(KIND, new NameMatter());
    }

    @Override
    public void check(Actor by, RegisteredModel model, String name, Optional<Long> version) {
        if (by.kind() == Actor.Kind.SYSTEM || model.project().isEmpty()) {
            return;
        }
        String project = model.project().get();
        if (protectedBy(project).stream().noneMatch(name::equalsIgnoreCase) || isThere(model, name, version)) {
            return;
        }
        if (version.isEmpty()) {
            throw new Problem.Denied(
                    "'" + name + "' of model " + model.name() + " is protected by project " + project
                            + " and cannot be taken away: move it to another version.",
                    url());
        }
        ModelVersion found = versions.get(Actor.SYSTEM, model.name(), version.get());
        certificates.requireUnexpired(found.subject());
        Approval asked = approvals.request(by, request(project, name, found));
        List<String> missing = missing(found);
        throw new Problem.Denied(
                "'" + name + "' of model " + model.name() + " is protected by project " + project + ": version "
                        + version.get() + " needs an approval, which is asked for as " + asked.ref() + "."
                        + (missing.isEmpty() ? "" : " Missing as well: " + String.join(", ", missing) + "."),
                url());
    }

    private String url() {
        return "See " + address.get() + "/inbox";
    }

    private List<String> protectedBy(String project) {
        return projects.file(project).map(file -> file.release().protect()).orElse(List.of());
    }

    private static boolean isThere(RegisteredModel model, String name, Optional<Long> version) {
        return version.isPresent()
                && (version.equals(Optional.ofNullable(model.aliases().get(name)))
                        || model.latest().stream()
                                .anyMatch(latest -> latest.version() == version.get()
                                        && latest.stage().text().equalsIgnoreCase(name)));
    }

    private static Approvals.Request request(String project, String name, ModelVersion version) {
        ObjectNode shown = Json.object()
                .put("model", version.name())
                .put("version", version.version())
                .put("name", name)
                .put("state", version.state().name());
        shown.set("missing", Json.tree(missing(version)));
        return new Approvals.Request(
                project,
                KIND + ":" + version.name() + "@" + name,
                "Point '" + name + "' of " + version.name() + " to version " + version.version(),
                digests(version),
                shown,
                version.madeBy());
    }

    /** What a version that came by a pipeline has and this one has not. */
    private static List<String> missing(ModelVersion version) {
        var missing = new ArrayList<String>();
        if (version.handOff().isEmpty()) {
            missing.add("a hand-off check");
        } else if (!version.handOff().get().agreed()) {
            missing.add("a hand-off check that Python and Java pass alike");
        }
        if (version.bundle().isEmpty()) {
            missing.add("a bundle");
        }
        if (version.certificate().isEmpty()) {
            missing.add("a certificate");
        }
        return missing;
    }

    private static Map<String, String> digests(ModelVersion version) {
        var digests = new TreeMap<String, String>();
        digests.put("version", Long.toString(version.version()));
        digests.put("files", version.files());
        version.bundle().ifPresent(bundle -> digests.put("bundle", bundle.digest()));
        version.handOff().ifPresent(handOff -> digests.put("handOff", handOff.report()));
        version.certificate().ifPresent(certificate -> digests.put("certificate", certificate));
        return digests;
    }

    /** The digests of the version that the open request about a name is for, as they are now. */
    private Map<String, String> current(String subject) {
        return approvals.about(subject).stream()
                .filter(approval -> approval.state() == Approval.State.PENDING)
                .findFirst()
                .flatMap(approval -> versions.find(
                        Actor.SYSTEM,
                        model(subject),
                        Long.parseLong(approval.digests().getOrDefault("version", "0"))))
                .map(ProtectedNames::digests)
                .orElse(Map.of());
    }

    /** Decisions about names: the model's history tells them, and the name moves with them. */
    private final class NameMatter implements Matter {
        @Override
        public Map<String, String> digests(String subject) {
            return current(subject);
        }

        @Override
        public List<String> concerned(String subject) {
            return List.of("model:" + model(subject));
        }

        @Override
        public String model(String subject) {
            return ProtectedNames.model(subject);
        }

        @Override
        public Approvals.Request again(Actor by, Approval before) {
            String subject = before.subject();
            approvals.require(by, Permission.REGISTER, before.project());
            ModelVersion found = versions.get(
                    Actor.SYSTEM,
                    ProtectedNames.model(subject),
                    Long.parseLong(before.digests().getOrDefault("version", "0")));
            certificates.requireUnexpired(found.subject());
            return request(before.project(), subject.substring(subject.lastIndexOf('@') + 1), found);
        }

        @Override
        public void decided(Actor by, Approval approval) {
            if (approval.state() == Approval.State.APPROVED) {
                move(approval.subject(), Long.parseLong(approval.digests().getOrDefault("version", "0")));
            }
        }
    }

    /** Moves the name as an approval says; what is gone meanwhile stays gone. */
    private void move(String subject, long version) {
        String name = subject.substring(subject.lastIndexOf('@') + 1);
        Optional<ModelVersion> found = versions.find(Actor.SYSTEM, model(subject), version);
        if (found.isEmpty()) {
            return;
        }
        if (name.equalsIgnoreCase("Production") || name.equalsIgnoreCase("Staging")) {
            versions.setStage(Actor.SYSTEM, model(subject), version, name, false);
        } else {
            models.setAlias(Actor.SYSTEM, model(subject), name, version);
        }
    }

    private static String model(String subject) {
        return subject.substring(KIND.length() + 1, subject.lastIndexOf('@'));
    }
}
