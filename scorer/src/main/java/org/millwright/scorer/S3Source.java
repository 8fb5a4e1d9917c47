package org.millwright.scorer;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.bundle.Pointer;
import org.millwright.scoring.remote.Address;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object store that speaks S3: under the prefix {@code delays/champion.json} is the signed pointer to an archive beside it.
 * Credentials and region come from where the AWS SDK looks for them. The only class that knows the SDK.
 */
final class S3Source implements Source {
    private static final Pattern FORM =
            Pattern.compile("s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?<prefix>[^?#]*))?");
    private static final int MOST_TEXT = 64 * 1024;
    private static final long MOST_BYTES = 8L << 30;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final int NOT_FOUND = 404;

    private final ModelUri uri;
    private final S3Client client;
    private final String bucket;
    private final String folder;

    /** @param endpoint of a store that is not Amazon's */
    S3Source(ModelUri uri, String store, Optional<URI> endpoint) {
        Matcher match = FORM.matcher(store);
        if (!match.matches()) {
            throw new ScorerException("'" + InvalidInput.shorten(store)
                    + "' is no place in an object store (expected: s3://BUCKET/PREFIX)");
        }
        String prefix = match.group("prefix");
        this.uri = uri;
        this.bucket = match.group("bucket");
        this.folder = (prefix == null || prefix.isEmpty() ? "" : prefix.replaceFirst("/*$", "/")) + uri.name() + "/";
        this.client = client(endpoint);
    }

    private static S3Client client(Optional<URI> endpoint) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(READ));
        endpoint.ifPresent(address -> {
            String region = System.getenv("AWS_REGION");
            builder.endpointOverride(address).forcePathStyle(true);
            builder.region(region == null ? Region.US_EAST_1 : Region.of(region));
        });
        try {
            return builder.build();
        } catch (SdkClientException e) {
            throw new ScorerException("the object store cannot be used: " + shown(e), e);
        }
    }

    @Override
    public Found fetch(String tag, Path target) throws IOException, InterruptedException {
        String pointer;
        try (var in = open(folder + uri.rest() + ".json")) {
            byte[] bytes = in.readNBytes(MOST_TEXT + 1);
            if (bytes.length > MOST_TEXT) {
                throw new Declined(place() + " is no pointer: it has more than " + MOST_TEXT + " bytes");
            }
            pointer = new String(bytes, StandardCharsets.UTF_8);
        }
        String archive = Pointer.peek(pointer).archive();
        if (!archive.equals(tag)) {
            try (var in = open(folder + archive + ".zip")) {
                Long size = in.response().contentLength();
                if (size != null && size > MOST_BYTES) {
                    throw new Declined(place() + " names an archive of more than " + MOST_BYTES + " bytes");
                }
                Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new Found(archive, pointer);
    }

    private ResponseInputStream<GetObjectResponse> open(String key) throws IOException, InterruptedException {
        try {
            return client.getObject(request -> request.bucket(bucket).key(key));
        } catch (S3Exception e) {
            if (e.statusCode() != NOT_FOUND && Address.isPassing(e.statusCode())) {
                throw new IOException("it answered " + e.statusCode(), e);
            }
            throw new Declined("s3://" + bucket + "/" + key
                    + (e.statusCode() == NOT_FOUND ? " is not there" : " is refused: " + shown(e)));
        } catch (AbortedException e) {
            throw new InterruptedException(e.getMessage());
        } catch (SdkClientException e) {
            throw new IOException(shown(e), e);
        }
    }

    private static String shown(Exception e) {
        String text = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", " ");
        int most = 300;
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    @Override
    public String place() {
        return "s3://" + bucket + "/" + folder + uri.rest() + ".json";
    }
}
