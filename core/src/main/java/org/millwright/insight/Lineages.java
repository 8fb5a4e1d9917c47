package org.millwright.insight;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.window.Volumes;
import org.millwright.window.Volumes.Volume;

/** What an asset came from, what came from it, and which predictions it touched. */
public final class Lineages {
    private static final int LONGEST = 512;

    private final Chronicle chronicle;
    private final Edges edges;
    private final UnaryOperator<String> data;
    private final Volumes volumes;
    private final Access access;

    /** @param data the full reference of data, such as {@code flights@2013-01/2} of {@code flights@2013-01} */
    public Lineages(Chronicle chronicle, Edges edges, UnaryOperator<String> data, Volumes volumes, Access access) {
        this.chronicle = chronicle;
        this.edges = edges;
        this.data = data;
        this.volumes = volumes;
        this.access = access;
    }

    /**
     * What was found from an asset on.
     *
     * @param up whether towards what it came from; else towards what came from it
     * @param assets all that were met, nearest first, the asset itself first
     * @param touched model versions among them, with where and when they answered
     * @param predictions of all of these, as monitoring counted them
     */
    public record Trace(
            String ref, boolean up, List<Edge> edges, List<String> assets, List<Touched> touched, long predictions) {
        public Trace {
            edges = List.copyOf(edges);
            assets = List.copyOf(assets);
            touched = List.copyOf(touched);
        }
    }

    /** A model version and where it answered; nowhere when it never did. */
    public record Touched(String ref, List<Answered> answered) {
        public long predictions() {
            return answered.stream().mapToLong(Answered::predictions).sum();
        }
    }

    /**
     * A deployment at which a version answered.
     *
     * @param times oldest first
     * @param predictions that the version made there, as monitoring counted them, whenever that was
     * @param outcomes of these, how many are known
     */
    public record Answered(String deployment, List<Time> times, long predictions, long outcomes) {}

    /** A time in which it answered all requests, or on trial a share of them; milliseconds since the epoch. */
    public record Time(boolean trial, long from, java.util.Optional<Long> until) {}

    /** Everything that came from an asset, and which predictions that touched. */
    public Trace down(Actor by, String ref) {
        access.require(by, Permission.READ);
        String asset = asset(ref);
        return trace(asset, false, edges.descendants(asset));
    }

    /** Everything that an asset came from. */
    public Trace up(Actor by, String ref) {
        access.require(by, Permission.READ);
        String asset = asset(ref);
        return trace(asset, true, edges.ancestors(asset));
    }

    /** The reference in full: data of a period without a number means its newest accepted version. */
    private String asset(String ref) {
        if (ref.isBlank() || ref.length() > LONGEST || ref.indexOf(':') <= 0) {
            throw new Problem.Invalid(
                    "'" + (ref.length() > 80 ? ref.substring(0, 80) + "…" : ref) + "' is no asset",
                    "Expected such as dataset:NAME@PERIOD/1, model:NAME/VERSION, source:ID or artifact:SHA256.");
        }
        return ref.startsWith("dataset:") ? data.apply(ref.substring("dataset:".length())) : ref;
    }

    private Trace trace(String ref, boolean up, List<Edge> found) {
        Set<String> assets = new LinkedHashSet<>(List.of(ref));
        found.forEach(edge -> assets.add(up ? edge.from() : edge.to()));
        if (found.isEmpty() && !isKnown(ref)) {
            throw new Problem.NotFound("Nothing is known of " + ref, "mw history " + ref);
        }
        List<Touched> touched = up ? List.of() : touched(assets);
        long predictions = touched.stream().mapToLong(Touched::predictions).sum();
        return new Trace(ref, up, found, List.copyOf(assets), touched, predictions);
    }

    private boolean isKnown(String ref) {
        return ref.startsWith("dataset:")
                || chronicle.knows(ref)
                || !edges.ancestors(ref).isEmpty()
                || !edges.descendants(ref).isEmpty();
    }

    private List<Touched> touched(Collection<String> assets) {
        List<Spans.Span> spans = chronicle.stories().values().stream()
                .flatMap(story -> story.spans().stream())
                .filter(span -> assets.contains(span.ref()))
                .toList();
        Map<String, List<Volume>> counted = spans.stream()
                .map(Spans.Span::deployment)
                .distinct()
                .collect(Collectors.toMap(Function.identity(), volumes::of));
        var touched = new ArrayList<Touched>();
        for (String asset : assets) {
            if (asset.startsWith("model:") && !asset.equals("model:" + Chronicle.name(asset.substring(6)))) {
                touched.add(new Touched(asset, answered(asset, spans, counted)));
            }
        }
        return touched;
    }

    private static List<Answered> answered(String version, List<Spans.Span> spans, Map<String, List<Volume>> counted) {
        List<Spans.Span> own =
                spans.stream().filter(span -> span.ref().equals(version)).toList();
        var answered = new ArrayList<Answered>();
        for (String deployment :
                own.stream().map(Spans.Span::deployment).distinct().toList()) {
            List<Volume> volumes = counted.getOrDefault(deployment, List.of()).stream()
                    .filter(volume -> version.endsWith("/" + volume.version()))
                    .toList();
            answered.add(new Answered(
                    deployment,
                    own.stream()
                            .filter(span -> span.deployment().equals(deployment))
                            .map(span -> new Time(span.trial(), span.from(), span.until()))
                            .toList(),
                    volumes.stream().mapToLong(Volume::rows).sum(),
                    volumes.stream().mapToLong(Volume::labels).sum()));
        }
        return answered;
    }
}
