package org.millwright.app.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A prefix in an object store that speaks S3; the only class here that knows the AWS SDK. */
final class S3Shelf implements Shelf {
    private static final Pattern FORM =
            Pattern.compile("s3://(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?<prefix>[^?#]*))?");

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    private S3Shelf(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    static Shelf at(String place, Optional<URI> endpoint) {
        Matcher match = FORM.matcher(place);
        if (!match.matches()) {
            throw new Problem.Invalid("'" + place + "' is no place in an object store (expected: s3://BUCKET/PREFIX)");
        }
        S3ClientBuilder builder = S3Client.builder().httpClient(UrlConnectionHttpClient.create());
        endpoint.ifPresent(address -> builder.endpointOverride(address)
                .forcePathStyle(true)
                .region(Region.of(
                        Optional.ofNullable(System.getenv("AWS_REGION")).orElse("us-east-1"))));
        String prefix = Optional.ofNullable(match.group("prefix")).orElse("");
        try {
            return new S3Shelf(
                    builder.build(), match.group("bucket"), prefix.isEmpty() ? "" : prefix.replaceFirst("/*$", "/"));
        } catch (SdkException e) {
            throw failed(place, e);
        }
    }

    @Override
    public void put(String name, Path file) {
        try {
            client.putObject(request -> request.bucket(bucket).key(prefix + name), RequestBody.fromFile(file));
        } catch (SdkException e) {
            throw failed("s3://" + bucket + "/" + prefix + name, e);
        }
    }

    private static Problem failed(String place, SdkException e) {
        return new Problem.Unavailable(
                place + " cannot be written: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                "Look at the credentials and the region of the AWS SDK (AWS_ACCESS_KEY_ID, AWS_REGION, AWS_PROFILE).",
                e);
    }
}
