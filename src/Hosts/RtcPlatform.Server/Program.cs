using RtcPlatform.Server.Start;

return await ServerProcess.Run(args);
