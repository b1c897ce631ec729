namespace TaskManager.Api.Samples;

/// <summary>Which sample tasks there are.</summary>
internal sealed class SampleTasksOptions
{
    public const string SectionName = "SampleTasks";

    /// <summary>Gets or sets a value indicating whether there are any. The default is <see langword="true"/>.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether there is one that misbehaves, to see what the service makes of it. The default is <see langword="false"/>.</summary>
    public bool Misbehaving { get; set; }
}
