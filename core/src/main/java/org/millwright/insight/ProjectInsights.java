package org.millwright.insight;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.identity.Actor;
import org.millwright.identity.Member;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.Spent;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.window.Volumes;
import org.millwright.window.Volumes.Volume;

/** How projects deliver, what they cost and are worth: counted from records, by project, team and organisation. */
public final class ProjectInsights {
    /** How long the field takes from request to production without such a system: nine months. */
    public static final long FIELD = 270L * 86_400_000;

    /** What it aims at with one: two to twelve weeks. */
    public static final long AIM = 84L * 86_400_000;

    private static final int MONTHS = 24;
    private static final int SOURCES = 500;

    private final Chronicle chronicle;
    private final Projects projects;
    private final PipelineRuns runs;
    private final Sources sources;
    private final Volumes volumes;
    private final Users users;
    private final Rates rates;
    private final Clock clock;
    private final Map<String, Map<String, String>> files = new ConcurrentHashMap<>();

    public ProjectInsights(
            Chronicle chronicle,
            Projects projects,
            PipelineRuns runs,
            Sources sources,
            Volumes volumes,
            Users users,
            Rates rates,
            Clock clock) {
        this.chronicle = chronicle;
        this.projects = projects;
        this.runs = runs;
        this.sources = sources;
        this.volumes = volumes;
        this.users = users;
        this.rates = rates;
        this.clock = clock;
    }

    /** Which projects: all, one, or those that a person owns or is a member of; and from when on. */
    public record Scope(Optional<String> project, Optional<String> team, Optional<Long> since) {
        public static final Scope ALL = new Scope(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** One project. Names of people, not ids. */
    public record Row(
            String project,
            Project.State state,
            String owner,
            List<String> members,
            Journey journey,
            List<Waiting> decisions,
            Figures figures,
            Money money) {}

    /** The projects of one owner together. */
    public record Team(String owner, int projects, Figures figures, Money money) {}

    /** A month of all of them together; projects count as approved in it once, whenever they got to production. */
    public record Trend(String month, Figures figures, Money money) {}

    /** What was found about the projects that the actor may read. */
    public record Report(
            Period period,
            Figures figures,
            Money money,
            Rates rates,
            Reuse reuse,
            List<Row> projects,
            List<Team> teams,
            List<Trend> trends) {}

    /** Everything about a scope up to now. */
    public Report report(Actor by, Scope scope) {
        scope.project()
                .ifPresent(name -> users.access()
                        .require(by, Permission.READ, projects.get(name).name()));
        long now = clock.millis() + 1;
        Map<String, Story> stories = chronicle.stories();
        var spent = runs.spent().stream().collect(Collectors.groupingBy(Spent::project));
        List<Subject> uncounted = readable(by, scope).stream()
                .map(project -> subject(project, stories.getOrDefault(project.name(), Story.NONE), spent, now))
                .filter(subject -> isOf(scope, subject))
                .toList();
        long from = scope.since()
                .orElseGet(
                        () -> uncounted.stream().mapToLong(Subject::begin).min().orElse(now - 1));
        var period = new Period(Math.min(from, now - 1), now);
        List<Period.Month> months = period.months(MONTHS);
        Map<String, List<Volume>> counted = volumes.between(Stream.concat(
                        Stream.of(period.from(), period.to()),
                        months.stream().map(month -> month.period().from()))
                .distinct()
                .sorted()
                .toList());
        List<Subject> subjects =
                uncounted.stream().map(subject -> subject.counting(counted)).toList();
        boolean all = scope.since().isEmpty();
        List<Row> rows =
                subjects.stream().map(subject -> row(subject, period, all)).toList();
        return new Report(
                period,
                Figures.of(samples(subjects), period),
                Money.sum(rows.stream().map(Row::money).toList()),
                rates,
                Reuse.of(subjects.stream().map(this::uses).toList()),
                rows,
                teams(subjects, period, all),
                months.stream().map(month -> trend(subjects, month)).toList());
    }

    /** A project with what is known of it. */
    private record Subject(
            Project project,
            Optional<ProjectVersion> version,
            Optional<ProjectFile> file,
            Optional<Declared.Value> value,
            List<Member> members,
            Story story,
            Samples samples,
            List<Spent> spent,
            List<Volume> volumes) {
        String owner() {
            return file.map(ProjectFile::owner).orElse("");
        }

        /** The same with what its deployments counted. */
        Subject counting(Map<String, List<Volume>> counted) {
            List<Volume> own = story.spans().stream()
                    .map(Spans.Span::deployment)
                    .distinct()
                    .flatMap(name -> counted.getOrDefault(name, List.of()).stream())
                    .toList();
            return new Subject(project, version, file, value, members, story, samples, spent, own);
        }

        long begin() {
            return story.events().isEmpty()
                    ? project.createdAt()
                    : story.events().getFirst().at();
        }
    }

    private List<Project> readable(Actor by, Scope scope) {
        List<Project> found = projects.list().stream()
                .filter(project -> scope.project().map(project.name()::equals).orElse(true))
                .filter(project -> users.access().allows(by, Permission.READ, Optional.of(project.name())))
                .toList();
        if (found.isEmpty()) {
            users.access().require(by, Permission.READ);
        }
        return found;
    }

    private static boolean isOf(Scope scope, Subject subject) {
        return scope.team()
                .map(name -> subject.owner().equals(name)
                        || subject.members().stream()
                                .anyMatch(member -> member.name().equals(name)))
                .orElse(true);
    }

    private Subject subject(Project project, Story story, Map<String, List<Spent>> spent, long now) {
        Optional<ProjectVersion> version = version(project);
        return new Subject(
                project,
                version,
                version.map(ProjectVersion::file),
                version.flatMap(each -> Declared.value(each.text(), rates.currency())),
                users.members(project.name()),
                story,
                Samples.of(story, now),
                spent.getOrDefault(project.name(), List.of()),
                List.of());
    }

    /** The text in force, or the one that waits to be. */
    private Optional<ProjectVersion> version(Project project) {
        Optional<String> digest = project.approved().or(project::proposed);
        return projects.versions(project.name()).reversed().stream()
                .filter(version -> digest.map(version.digest()::equals).orElse(true))
                .findFirst();
    }

    private Row row(Subject subject, Period period, boolean all) {
        return new Row(
                subject.project().name(),
                subject.project().state(),
                subject.owner(),
                subject.members().stream().map(Member::name).distinct().toList(),
                subject.samples().journey(),
                subject.samples().waits().stream().map(this::named).toList(),
                Figures.of(List.of(subject.samples()), period),
                money(subject, period, all));
    }

    private Waiting named(Waiting waiting) {
        return new Waiting(
                waiting.ref(),
                waiting.what(),
                users.nameOf(waiting.asked()),
                waiting.from(),
                waiting.until(),
                waiting.outcome(),
                waiting.by().map(users::nameOf),
                waiting.waitsFor());
    }

    /** @param all whether predictions count whatever time they are for; else those for a time in the period */
    private Money money(Subject subject, Period period, boolean all) {
        List<Volume> counted = subject.volumes().stream()
                .filter(volume -> all || period.holds(volume.window().start()))
                .toList();
        return Money.of(
                rates,
                stepSeconds(subject, period),
                servingSeconds(subject, period),
                counted.stream().mapToLong(Volume::rows).sum(),
                counted.stream().mapToLong(Volume::labels).sum(),
                subject.value());
    }

    private static double stepSeconds(Subject subject, Period period) {
        return subject.spent().stream()
                        .filter(spent -> period.holds(spent.at()))
                        .mapToLong(Spent::millis)
                        .sum()
                / 1000.0;
    }

    private static double servingSeconds(Subject subject, Period period) {
        return subject.story().spans().stream()
                        .filter(span -> !span.trial())
                        .mapToLong(span -> Math.max(
                                0,
                                Math.min(span.until().orElse(period.to() - 1), period.to() - 1)
                                        - Math.max(span.from(), period.from())))
                        .sum()
                / 1000.0;
    }

    private List<Team> teams(List<Subject> subjects, Period period, boolean all) {
        Map<String, List<Subject>> owners =
                new TreeMap<>(subjects.stream().collect(Collectors.groupingBy(Subject::owner)));
        var teams = new ArrayList<Team>();
        owners.forEach((owner, own) -> teams.add(new Team(
                owner,
                own.size(),
                Figures.of(samples(own), period),
                Money.sum(
                        own.stream().map(subject -> money(subject, period, all)).toList()))));
        return teams;
    }

    private Trend trend(List<Subject> subjects, Period.Month month) {
        return new Trend(
                month.label(),
                Figures.of(samples(subjects), month.period()),
                Money.sum(subjects.stream()
                        .map(subject -> money(subject, month.period(), false))
                        .toList()));
    }

    private static List<Samples> samples(List<Subject> subjects) {
        return subjects.stream().map(Subject::samples).toList();
    }

    private Reuse.Uses uses(Subject subject) {
        Set<String> datasets = new TreeSet<>();
        subject.file()
                .ifPresent(file ->
                        file.data().stream().map(ProjectFile.DataUse::name).forEach(datasets::add));
        Set<String> templates = subject.version()
                .flatMap(version -> Declared.template(version.text()))
                .map(Set::of)
                .orElse(Set.of());
        Map<String, String> newest = subject.story().acted("source.kept").reversed().stream()
                .findFirst()
                .flatMap(event -> event.about("source"))
                .map(this::files)
                .orElse(Map.of());
        return new Reuse.Uses(subject.project().name(), templates, datasets, newest);
    }

    private Map<String, String> files(String source) {
        if (files.size() > SOURCES) {
            files.clear();
        }
        return files.computeIfAbsent(source, id -> sources.files(sources.get(id)));
    }
}
