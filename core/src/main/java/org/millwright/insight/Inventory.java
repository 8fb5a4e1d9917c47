package org.millwright.insight;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Standing;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.monitor.Overviews;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ExternalModel;
import org.millwright.registry.ExternalModels;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Rollout;

/** Lists all models with what governs them, what needs attention first. */
public final class Inventory {
    private static final int PAGE = 200;
    private static final int MOST = 10_000;

    private final Database database;
    private final Chronicle chronicle;
    private final Rooms rooms;
    private final Users users;
    private final Clock clock;

    /** What the inventory reads. */
    public record Rooms(
            Projects projects,
            Models models,
            Versions versions,
            ExternalModels external,
            Deployments deployments,
            Overviews overviews,
            Alerts alerts,
            Certificates certificates) {}

    public Inventory(Database database, Chronicle chronicle, Rooms rooms, Users users, Clock clock) {
        this.database = database;
        this.chronicle = chronicle;
        this.rooms = rooms;
        this.users = users;
        this.clock = clock;
    }

    /** The models that the actor may read, of one project or of all. */
    public List<Inventoried> list(Actor by, Optional<String> project) {
        // Who waits for the chronicle must not hold a connection that whoever reads it on needs.
        Map<String, Story> stories = chronicle.stories();
        return database.read(() -> listed(by, project, stories));
    }

    /** Thousands of small readings, for which one transaction is enough. */
    private List<Inventoried> listed(Actor by, Optional<String> project, Map<String, Story> stories) {
        project.ifPresent(name -> users.access().require(by, Permission.READ, name));
        var known = new Known(stories);
        var found = new ArrayList<Inventoried>();
        for (RegisteredModel model : models(by)) {
            if (project.isEmpty() || model.project().equals(project)) {
                found.addAll(of(model, known));
            }
        }
        if (project.isEmpty() && users.access().allows(by, Permission.READ, Optional.empty())) {
            rooms.external().list(by).stream()
                    .filter(model -> model.retiredAt().isEmpty())
                    .forEach(model -> found.add(elsewhere(model)));
        }
        if (found.isEmpty() && project.isEmpty()) {
            users.access().require(by, Permission.READ);
        }
        found.sort(Inventoried.FIRST);
        return found;
    }

    private List<RegisteredModel> models(Actor by) {
        var models = new ArrayList<RegisteredModel>();
        String token = "";
        do {
            Page<RegisteredModel> page = rooms.models().search(by, "", List.of(), PAGE, token);
            models.addAll(page.items());
            token = page.next().orElse("");
        } while (!token.isEmpty() && models.size() < MOST);
        return models;
    }

    /** What is read once for all models. */
    private final class Known {
        private final Map<String, Story> stories;
        final Map<String, List<Deployment>> deployments =
                rooms.deployments().list().stream().collect(Collectors.groupingBy(Deployment::model));
        private final Map<String, List<Standing>> standings = rooms.overviews().standings();
        private final Map<String, List<Alert>> alerts = rooms.alerts().loud();
        private final Map<String, Governed> projects = new HashMap<>();

        private final Map<String, ModelVersion> serving = new HashMap<>();

        Known(Map<String, Story> stories) {
            this.stories = stories;
            Map<String, Set<Long>> numbers = new HashMap<>();
            deployments.forEach((model, own) -> own.stream()
                    .flatMap(deployment -> deployment.production().stream())
                    .forEach(number -> numbers.computeIfAbsent(model, key -> new HashSet<>())
                            .add(Long.parseLong(number))));
            rooms.versions().some(Actor.SYSTEM, numbers).forEach(version -> serving.put(version.subject(), version));
        }

        /** A version that serves; one that was deleted from the registry meanwhile is asked for, and not found. */
        ModelVersion version(String model, String number) {
            ModelVersion known = serving.get("model:" + model + "/" + number);
            return known != null ? known : rooms.versions().get(Actor.SYSTEM, model, number);
        }

        Story story(String project) {
            return stories.getOrDefault(project, Story.NONE);
        }

        Governed of(String project) {
            return projects.computeIfAbsent(project, name -> governed(name, story(name)));
        }

        List<Standing> standings(Deployment deployment) {
            return standings.getOrDefault(deployment.name(), List.of());
        }

        List<Alert> alerts(Deployment deployment) {
            return alerts.getOrDefault(deployment.name(), List.of());
        }
    }

    /** What a project says about all its models; a model without one has none of it. */
    private record Governed(Optional<ProjectFile> file, boolean agreed, Optional<Event> reviewed) {}

    private Governed governed(String project, Story story) {
        return new Governed(
                project.isEmpty() ? Optional.empty() : rooms.projects().file(project),
                rooms.projects().agreement(project).isPresent(),
                Stream.of("project.approved", "project.reviewed")
                        .flatMap(action -> story.acted(action).stream())
                        .max(Comparator.comparingLong(Event::at)));
    }

    private List<Inventoried> of(RegisteredModel model, Known known) {
        List<Deployment> deployments = known.deployments.getOrDefault(model.name(), List.of());
        var found = new ArrayList<Inventoried>();
        for (Deployment deployment : deployments) {
            deployment.production().ifPresent(version -> found.add(judge(model, version, deployment, known)));
        }
        if (found.isEmpty()) {
            rooms.versions()
                    .all(Actor.SYSTEM, model.name(), 1)
                    .forEach(version -> found.add(judge(model, version, deployments, known)));
        }
        return found;
    }

    private Inventoried judge(RegisteredModel model, String version, Deployment deployment, Known known) {
        long since = known.story(model.project().orElse("")).spans().stream()
                .filter(span -> !span.trial() && span.deployment().equals(deployment.name()))
                .filter(span -> span.version().equals(version) && span.until().isEmpty())
                .map(Spans.Span::from)
                .findFirst()
                .orElse(deployment.changedAt());
        ModelVersion served = known.version(model.name(), version);
        return judge(model, served, Optional.of(deployment), "production", Optional.of(since), known);
    }

    /** The newest version of a model that has none in production. */
    private Inventoried judge(RegisteredModel model, ModelVersion version, List<Deployment> deployments, Known known) {
        Optional<Deployment> candidate = deployments.stream()
                .filter(each -> each.candidate().equals(Optional.of(Long.toString(version.version()))))
                .findFirst();
        String stage = candidate
                .map(each -> each.rollout() instanceof Rollout.Trial ? "trial" : "staged")
                .orElse("registered");
        return judge(model, version, candidate, stage, Optional.empty(), known);
    }

    private Inventoried judge(
            RegisteredModel model,
            ModelVersion version,
            Optional<Deployment> deployment,
            String stage,
            Optional<Long> since,
            Known known) {
        String project = model.project().orElse("");
        Governed governed = known.of(project);
        Optional<ProjectFile> file = governed.file();
        Optional<Certificate> certificate = rooms.certificates().of(version.subject());
        Optional<Event> reproduced = known.story(project).about(version.subject()).stream()
                .filter(event -> event.is("model.reproduced"))
                .reduce((before, after) -> after);
        Optional<Event> reviewed = governed.reviewed();
        var judged = new Judged(
                version.subject(),
                model.name(),
                Long.toString(version.version()),
                project,
                file.map(ProjectFile::owner).orElse(""),
                file.map(found -> found.riskTier().text()).orElse(Inventoried.UNKNOWN),
                file.map(ProjectFile::purpose).orElse(""),
                deployment,
                stage,
                version.createdAt(),
                since,
                deployment.map(known::standings).orElse(List.of()),
                governed.agreed(),
                certificate,
                validUntil(certificate),
                reproduced.map(event -> event.text("verdict")),
                reproduced.map(Event::at),
                reviewed.map(Event::at),
                reviewed.map(event -> event.details().path("due").asLong()).filter(due -> due > 0),
                deployment.map(known::alerts).orElse(List.of()));
        return judged.inventoried(clock.millis());
    }

    /** Until when it is valid; a certificate that is not believed ended when it was made. */
    private Optional<Long> validUntil(Optional<Certificate> certificate) {
        try {
            return certificate
                    .flatMap(known -> rooms.certificates().validUntil(known.subject()))
                    .map(Instant::toEpochMilli);
        } catch (Problem.Refused e) {
            return certificate.map(Certificate::at);
        }
    }

    private Inventoried elsewhere(ExternalModel model) {
        var attention = new ArrayList<Attention>();
        long now = clock.millis();
        String change = "mw model add-external " + model.name() + " --review DATE …";
        if (model.reviewAt().isEmpty()) {
            attention.add(new Attention(35, "nobody said when it is reviewed", change, "/insight/models"));
        } else if (model.reviewAt().get() <= now) {
            attention.add(new Attention(45, "its review is overdue", change, "/insight/models"));
        }
        return new Inventoried(
                model.ref(),
                model.name(),
                "",
                "",
                model.owner(),
                model.tier().text(),
                model.purpose(),
                model.servedAt(),
                "elsewhere",
                Optional.of(model.addedAt()),
                Optional.empty(),
                "nothing agreed",
                Inventoried.UNKNOWN,
                Inventoried.UNKNOWN,
                "none",
                Optional.empty(),
                "never",
                Optional.empty(),
                Optional.of(model.changedAt()),
                model.reviewAt(),
                Judged.NOT_SCANNED,
                Inventoried.UNKNOWN,
                attention);
    }
}
