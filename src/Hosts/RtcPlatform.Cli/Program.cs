using System.CommandLine;
using RtcPlatform.Cli.Doctor;
using RtcPlatform.Cli.Load;
using RtcPlatform.Cli.Rooms;
using RtcPlatform.Cli.Tokens;
using RtcPlatform.Cli.Up;

var root = new RootCommand("Runs and inspects RtcPlatform.")
{
    UpCommand.Create(),
    TokenCommand.Create(),
    RoomsCommand.Create(),
    DoctorCommand.Create(),
    LoadCommand.Create(),
};
return root.Parse(args).Invoke();
